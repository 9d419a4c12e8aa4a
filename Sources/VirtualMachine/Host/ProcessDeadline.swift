import Foundation

/// A limit on the time of a process, in which the time for which it waited for a CPU does not count.
///
/// On a loaded machine a guest takes many times as long as on an idle one. The limit is asked for repeatedly: each time the
/// interval since the last one is counted.
struct ProcessDeadline {
  private let pid: Int32
  private var left: Duration
  private var last: (time: ContinuousClock.Instant, threads: ThreadTimes)

  /// Begins now.
  init(_ pid: Int32, seconds: Int) {
    self.pid = pid
    left = .seconds(seconds)
    last = (.now, ThreadTimes(pid))
  }

  /// Counts the interval since the last call.
  /// - Returns: `true` if the time is over.
  mutating func isOver() -> Bool {
    let now = (time: ContinuousClock.now, threads: ThreadTimes(pid))
    left -= now.threads.own(of: last.time.duration(to: now.time), since: last.threads)
    last = now
    return left <= .zero
  }
}

/// The times of the threads of a process.
///
/// `/proc/PID/task/TID/schedstat` has the time on a CPU and the time in which the thread waited for one, both in
/// nanoseconds; a wait is added when it ends (Documentation/scheduler/sched-stats.rst, sched_info_arrive of
/// kernel/sched/stats.h). Zero on a kernel that does not count them.
private struct ThreadTimes {
  private var running: Int64 = 0
  private var waiting: Int64 = 0
  /// `true` if a thread has a CPU or waits for one.
  private var isReady = false

  init(_ pid: Int32) {
    let tasks = "/proc/\(pid)/task"
    for task in HostFiles.names(in: tasks) {
      guard let text = try? HostFiles.text("\(tasks)/\(task)/schedstat"),
        let state = try? HostFiles.text("\(tasks)/\(task)/stat")
      else { continue }
      let times = text.split(whereSeparator: \.isWhitespace).compactMap { Int64($0) }
      guard times.count > 1 else { continue }
      running += times[0]
      waiting += times[1]
      // The name before the state may contain parentheses.
      if let name = state.lastIndex(of: ")"), state[name...].dropFirst(2).first == "R" { isReady = true }
    }
  }

  /// The part of an interval in which the process did not wait for a CPU.
  func own(of interval: Duration, since before: ThreadTimes) -> Duration {
    // A wait that lasts is not counted yet.
    if isReady, running == before.running { return .zero }
    // The times of a thread that has ended are in neither sum, so that the difference may be negative.
    return min(interval, max(.zero, interval - .nanoseconds(waiting - before.waiting)))
  }
}
