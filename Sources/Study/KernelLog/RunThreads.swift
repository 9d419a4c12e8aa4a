import CPlatform
import Glibc
import Platform
import Results

/// The threads of a run: which part of it each works for.
struct RunThreads {
  /// A part that runs.
  typealias PartID = Int

  /// The part that each thread of this program runs at present.
  private var current: [Int32: PartID] = [:]
  /// The processes and threads that came from this program, with their part; `nil` if nothing shows it.
  private var descendants: [Int32: (process: Int32, part: PartID?)] = [:]
  /// `true` if the forks of the machine are known, all of them.
  private(set) var isComplete: Bool
  private let events: ProcessEvents?
  private let program = getpid()

  /// Begins to follow the forks of the machine, if there are `events`.
  init(_ events: ProcessEvents?) {
    self.events = events
    isComplete = events != nil
  }

  /// The calling thread begins a part.
  mutating func begin(_ part: PartID) {
    readForks()
    current[cprocess_thread_id()] = part
  }

  /// The calling thread has ended its part, whose forks were read.
  mutating func end() {
    current[cprocess_thread_id()] = nil
  }

  /// Reads the forks since the last call. They are of the present parts: each part reads them at its begin and at its end.
  mutating func readForks() {
    guard let events else { return }
    // Two steps, since both change this value.
    var forks: [ProcessEvents.Fork] = []
    if !events.read({ forks.append($0) }) { isComplete = false }
    for fork in forks { add(fork) }
  }

  private mutating func add(_ fork: ProcessEvents.Fork) {
    let child = fork.childThread
    // The id may have been that of another one.
    descendants[child] = nil
    if fork.childProcess != child {
      // A new thread: the parent named is that of the whole process.
      if fork.childProcess == program {
        descendants[child] = (program, nil)
      } else if let process = descendants[fork.childProcess] {
        descendants[child] = process
      }
    } else if let part = current[fork.parentThread] {
      descendants[child] = (child, part)
    } else if let parent = descendants[fork.parentThread] ?? descendants[fork.parentProcess] {
      descendants[child] = (child, parent.part)
    } else if fork.parentProcess == program {
      descendants[child] = (child, nil)
    }
  }

  /// The place of a thread, for a part.
  func place(of thread: Int32, for part: PartID) -> KernelLogThread.Place {
    let owner = current[thread] ?? descendants[thread]?.part
    if let owner { return owner == part ? .thisPart : .anotherPart }
    if thread == program || descendants[thread] != nil { return .thisProgram }
    if RunThreads.isOfKernel(thread) { return .kernel }
    return isComplete ? .otherProgram : .unknown
  }

  /// `true` for an idle CPU, and for a thread with `PF_KTHREAD` (include/linux/sched.h) in field 9 of `/proc/PID/stat`.
  private static func isOfKernel(_ thread: Int32) -> Bool {
    if thread == 0 { return true }
    guard let stat = ProcFile.line("/proc/\(thread)/stat"), let end = stat.lastIndex(of: ")") else { return false }
    let fields = stat[stat.index(after: end)...].split(separator: " ")
    return fields.count > 6 && UInt32(fields[6]).map { $0 & 0x0020_0000 != 0 } ?? false
  }
}
