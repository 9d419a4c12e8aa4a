import Foundation
import Platform
import Results
import SubbufferSource
import SystemPackage

/// Makes a probe in a process of its own: one that hangs is ended, and one that crashes takes no other with it.
public struct ProbeProcess: Sendable {
  /// The program that makes a probe and writes ``ProbeLine``s.
  public var executable: String
  /// Its arguments.
  public var arguments: [String]
  /// The variables added to its environment.
  public var environment: [String: String]
  /// The time that a probe may take, in milliseconds. Time in which this process was stopped does not count.
  public var limit: Milliseconds

  /// No probe takes a tenth of this on an idle machine. Beside eleven others, in an emulated machine, those that execute a
  /// writer in steps were observed to take half of it.
  public static let usualLimit: Milliseconds = 60_000

  /// Longer than any observation.
  private static let longestLine = 1 << 20

  /// Describes the process of a probe.
  public init(
    executable: String, arguments: [String], environment: [String: String] = [:],
    limit: Milliseconds = ProbeProcess.usualLimit
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.limit = limit
  }

  /// Runs it to its end, or to the end of its time.
  /// - Throws: ``SourceError`` of kind `interrupted` only.
  public func callAsFunction() throws(SourceError) -> ProbeObservations {
    var evidence: [Observation] = []
    do {
      let process = try PipedProcess(
        executable: executable, arguments: arguments, environment: environment, longestLine: ProbeProcess.longestLine,
        ownGroup: true)
      var time = TimeAllowance(limit)
      while true {
        try Interruption.check()
        guard time.left > .zero else {
          return ProbeObservations(evidence: evidence, failure: "it was killed at its time limit of \(limit) ms")
        }
        // In steps, so that a signal that comes between the check and the wait is not waited out.
        let step = time.nextStep
        let begin = ContinuousClock.now
        let next = try process.nextLine(step)
        time.spend(step, after: begin.duration(to: .now))
        switch next {
        case .timedOut: continue
        case .ended: return ProbeObservations(evidence: evidence, failure: crash(process))
        case .line(let line):
          switch ProbeLine(line) {
          case .observation(let observation): evidence.append(observation)
          // The run reads the log itself.
          case .kernelLog: break
          case .failure(let reason): return ProbeObservations(evidence: evidence, failure: reason)
          case .end: return ProbeObservations(evidence: evidence)
          case nil:
            return ProbeObservations(evidence: evidence, failure: "its process wrote an unknown line: “\(line)”")
          }
        }
      }
    } catch {
      try Interruption.check()
      return ProbeObservations(evidence: evidence, failure: "\(error)")
    }
  }

  private func crash(_ process: PipedProcess) -> String {
    let ending = process.howItEnded().text
    let said = process.diagnosticsText
    return "its process did not finish: \(ending)" + (said.isEmpty ? "" : "; its standard error: \(said)")
  }
}

/// The time that a child process may take, in which a stop of this process does not count.
struct TimeAllowance {
  /// The greatest step, in milliseconds.
  private static let greatestStep: Milliseconds = 200

  /// The time that is left.
  private(set) var left: Duration

  init(_ limit: Milliseconds) {
    left = .milliseconds(limit)
  }

  /// The time to wait for next, in milliseconds.
  var nextStep: Milliseconds {
    Milliseconds(min(Double(TimeAllowance.greatestStep), (left / .milliseconds(1)).rounded(.up)))
  }

  /// Counts a step. It takes longer if this process was stopped or had no CPU, and so may its child have been.
  mutating func spend(_ step: Milliseconds, after elapsed: Duration) {
    left -= min(elapsed, .milliseconds(step))
  }
}

/// One line of the standard output of a process that makes a probe, as JSON.
public enum ProbeLine: Codable, Sendable, Equatable {
  /// An observation, written as soon as it is made.
  case observation(Observation)
  /// The kernel's log during the observing, in a machine booted for the probe.
  case kernelLog(KernelLogExcerpt)
  /// The observing failed, and nothing more comes.
  case failure(String)
  /// The observing came to its end.
  case end

  /// The line with its end.
  /// - Throws: what the encoder throws.
  public func encoded() throws -> Data {
    try JSONEncoder().encode(self) + Data("\n".utf8)
  }

  /// Reads a line; `nil` where it is none.
  public init?(_ line: String) {
    guard let decoded = try? JSONDecoder().decode(ProbeLine.self, from: Data(line.utf8)) else { return nil }
    self = decoded
  }
}
