import ReferenceModels
import Study

extension ModelCheckResult {
  /// Makes a record of the study from a check of a design.
  init(_ check: ScheduleCheck, backend: String, mode: String) {
    self.init(
      backend: backend, mode: mode, schedules: check.schedules, steps: check.steps, exchanges: check.exchanges,
      delivered: check.deliveredEvents, lost: check.lostEvents,
      violations: check.violations.map { Violation(schedule: $0.schedule, seed: $0.seed, what: $0.what) })
  }
}
