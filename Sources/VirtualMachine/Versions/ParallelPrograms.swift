import Glibc
import Platform
import Study
import SubbufferSource

/// Runs programs, some of them at a time, each to its end.
package struct ParallelPrograms {
  /// A program to run.
  package struct Program: Sendable {
    /// The name for messages: `6.16.3`.
    package var name: String
    /// The path of the program.
    package var executable: String
    /// Its arguments.
    package var arguments: [String]

    /// Describes a program.
    package init(name: String, executable: String, arguments: [String]) {
      self.name = name
      self.executable = executable
      self.arguments = arguments
    }
  }

  /// The programs, in the order in which they are started.
  package var programs: [Program]
  /// The number of programs that run at a time.
  package var atATime: Int
  /// Called with each line that a program writes to standard output or standard error.
  package var line: (Program, String) -> Void
  /// Called at the end of each program.
  package var ended: (Program, PipedProcess.Ending) -> Void

  /// The longest line of a program, in bytes.
  private static let longestLine = 1 << 20
  /// The time that a program has to end after SIGTERM, in seconds.
  private static let patience = 20

  /// Describes what is run.
  package init(
    _ programs: [Program], atATime: Int, line: @escaping (Program, String) -> Void,
    ended: @escaping (Program, PipedProcess.Ending) -> Void
  ) {
    self.programs = programs
    self.atATime = atATime
    self.line = line
    self.ended = ended
  }

  /// Runs all of them.
  ///
  /// A program that cannot be started or writes too long a line is reported by `failed`; the others go on.
  /// - Parameter failed: is called with the error.
  /// - Throws: ``SourceError`` of kind `interrupted`. The running programs get SIGTERM before, and their end is awaited.
  package func callAsFunction(failed: (Program, SourceError) -> Void) throws(SourceError) {
    var queue = programs[...]
    var running: [(program: Program, process: PipedProcess)] = []
    while !queue.isEmpty || !running.isEmpty {
      while running.count < max(1, atATime), let next = queue.popFirst() {
        do throws(SourceError) {
          running.append((next, try start(next)))
        } catch {
          failed(next, error)
        }
      }
      for (index, (program, process)) in running.enumerated().reversed() {
        guard Interruption.signal == nil else { break }
        do throws(SourceError) {
          switch try process.nextLine(Milliseconds(100 / running.count)) {
          case .line(let text): line(program, text)
          case .timedOut: break
          case .ended:
            running.remove(at: index)
            ended(program, process.howItEnded())
          }
        } catch {
          guard Interruption.signal == nil else { break }
          running.remove(at: index)
          process.end()
          failed(program, error)
        }
      }
      if Interruption.signal != nil { end(running.map(\.process)) }
      try Interruption.check()
    }
  }

  private func start(_ program: Program) throws(SourceError) -> PipedProcess {
    try PipedProcess(
      executable: program.executable, arguments: program.arguments, longestLine: ParallelPrograms.longestLine,
      ownGroup: true, joinsStandardError: true)
  }

  /// Has the programs end and remove what they made.
  private func end(_ processes: [PipedProcess]) {
    for process in processes { process.send(signal: SIGTERM) }
    let deadline = ContinuousClock.now + .seconds(ParallelPrograms.patience)
    for process in processes {
      // A call that the signal interrupted is made again.
      var isOver = false
      while !isOver, ContinuousClock.now < deadline { isOver = (try? process.nextLine(100)) == .ended }
      process.end()
    }
  }
}
