import Platform
import Results
import SubbufferSource

/// A measurement that is made in trials, each on a ring buffer of its own.
///
/// An experiment plans its subjects as values, makes one trial on one subject, and leaves records. The order of the trials,
/// their estimate, progress, interruption and the failure of a back end are the same for all experiments
/// (``PlannedExperiment``).
protocol Experiment: Sendable {
  /// The subject of trials, with what was measured on it so far.
  associatedtype Subject: ExperimentSubject
  /// A trial.
  associatedtype Trial: StudiedRingVisitor

  /// The name in progress messages and in the kernel's log: `delivery latency`.
  static var name: String { get }
  /// The number of trials on each subject.
  var trials: Int { get }

  /// The plan. It measures nothing.
  func subjects(on backends: [any StudiedBackend]) -> [Subject]

  /// The time of a trial on a subject in seconds, without the making of its ring buffer.
  func seconds(ofTrialOn subject: Subject) -> Double

  /// Measures what belongs to a round of trials and not to a subject.
  mutating func beginRound()

  /// Describes a trial.
  /// - Parameters:
  ///   - place: its place among all trials, from 1 on.
  ///   - generator: decides the orders within the trial.
  func trial(on subject: Subject, place: Int, using generator: inout SeededGenerator) -> Trial

  /// Keeps what a trial measured.
  func keep(_ trial: Trial, place: Int, in subject: inout Subject)

  /// Makes the records.
  /// - Parameter subjects: in the order of the plan; not empty.
  func record(_ subjects: [Subject], in findings: inout StudyFindings)
}

extension Experiment {
  /// Nothing.
  mutating func beginRound() {}

  /// The experiment with its subjects.
  func planned(on backends: [any StudiedBackend]) -> any PlannedMeasurement {
    PlannedExperiment(experiment: self, subjects: subjects(on: backends))
  }
}

/// A ring buffer of a back end that trials are made on.
protocol ExperimentSubject: Sendable {
  /// The back end.
  var backend: any StudiedBackend { get }
  /// The ring buffer that each trial makes.
  var configuration: RingConfiguration { get }
}

/// A measurement of all back ends together, as it was planned.
protocol PlannedMeasurement: Sendable {
  /// The name.
  var name: String { get }

  /// The time that it takes, in seconds, about.
  /// - Parameter ringSeconds: the time to make, read and remove one ring buffer, by back end.
  func seconds(ringSeconds: [String: Double]) -> Double

  /// Measures, and adds the records to the findings.
  /// - Parameters:
  ///   - seed: the seed of the order of the trials.
  ///   - progress: called before each trial.
  /// - Throws: ``SourceError`` of kind `interrupted` only.
  func make(
    seed: UInt64, progress: @Sendable (StudyProgress) -> Void, _ findings: inout StudyFindings
  ) throws(SourceError)
}

/// An experiment with its subjects. The trials of all subjects alternate, so that background load affects all back ends
/// alike: each round has one trial on each subject, in an order drawn from the seed.
private struct PlannedExperiment<Kind: Experiment>: PlannedMeasurement {
  let experiment: Kind
  let subjects: [Kind.Subject]

  var name: String { Kind.name }

  func seconds(ringSeconds: [String: Double]) -> Double {
    subjects.reduce(0) { sum, subject in
      let trial = (ringSeconds[subject.backend.name] ?? 0) + experiment.seconds(ofTrialOn: subject)
      return sum + Double(experiment.trials) * trial
    }
  }

  func make(
    seed: UInt64, progress: @Sendable (StudyProgress) -> Void, _ findings: inout StudyFindings
  ) throws(SourceError) {
    guard !subjects.isEmpty else { return }
    var generator = SeededGenerator(seed: seed)
    var (experiment, subjects) = (experiment, subjects)
    var place = 0
    for round in 1...max(1, experiment.trials) {
      experiment.beginRound()
      for index in subjects.indices.shuffled(using: &generator) {
        place += 1
        let subject = subjects[index]
        progress(
          StudyProgress(backend: subject.backend.name, part: "\(name), trial \(round) of \(experiment.trials)"))
        var trial = experiment.trial(on: subject, place: place, using: &generator)
        try findings.attempt(subject.backend) { (_) throws(SourceError) in
          try subject.backend.withStudiedRing(subject.configuration, &trial)
        }
        experiment.keep(trial, place: place, in: &subjects[index])
      }
    }
    experiment.record(subjects, in: &findings)
  }
}
