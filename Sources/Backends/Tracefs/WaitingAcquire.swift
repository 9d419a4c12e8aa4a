import CPlatform
import Foundation
import Glibc
import Synchronization

/// The acquire without `O_NONBLOCK`, called by a thread of its own since it may sleep.
///
/// Who starts one ends it with ``end()`` before the descriptor is closed.
final class WaitingAcquire: Sendable {
  /// The value of ``state()`` for a sleeping thread.
  static let asleep = "sleeps"

  private let descriptor: Int32
  private let result = Mutex<Int32?>(nil)
  private let task = Mutex<Int32>(0)
  private let returned = DispatchSemaphore(value: 0)

  /// Calls `TRACE_MMAP_IOCTL_GET_READER` in a new thread.
  init(descriptor: Int32) {
    self.descriptor = descriptor
    let thread = Thread { self.run() }
    thread.start()
  }

  private func run() {
    task.withLock { $0 = cprocess_thread_id() }
    let code = TracefsRequest.call(descriptor, TracefsRequest.getReader)
    result.withLock { $0 = code }
    returned.signal()
  }

  /// The state of the call, for an observation: `returned 0`, or `sleeps` if the thread is found asleep in the call.
  func state() -> String {
    while true {
      if let code = result.withLock({ $0 }) { return "returned \(code)" }
      if isAsleep { return WaitingAcquire.asleep }
      sched_yield()
    }
  }

  /// The state of the call after an action that may have woken the thread.
  /// - Parameter limit: how long it may take to come back, in milliseconds.
  func state(within limit: Int) -> String {
    if returned.wait(timeout: .now() + .milliseconds(limit)) == .success { returned.signal() }
    return state()
  }

  /// Wakes it up where it still sleeps (request 0), and waits for its end.
  func end() {
    while returned.wait(timeout: .now() + .milliseconds(20)) != .success {
      _ = TracefsRequest.call(descriptor, 0)
    }
  }

  /// `true` if the thread sleeps in an ioctl: `/proc/self/task/N/syscall` then begins with the number of the system
  /// call, and says `running` otherwise.
  private var isAsleep: Bool {
    let task = task.withLock { $0 }
    guard task != 0, let text = try? String(contentsOfFile: "/proc/self/task/\(task)/syscall", encoding: .utf8) else {
      return false
    }
    return text.hasPrefix("\(cprocess_ioctl_number()) ")
  }
}

/// Requests of `trace_pipe_raw` without an argument.
enum TracefsRequest {
  /// `TRACE_MMAP_IOCTL_GET_READER`, `_IO('R', 0x20)` (`include/uapi/linux/trace_mmap.h`).
  static let getReader = io("R", 0x20)

  /// `_IO(type, number)` of `include/uapi/asm-generic/ioctl.h`.
  static func io(_ type: Unicode.Scalar, _ number: UInt) -> UInt { UInt(type.value) << 8 | number }

  /// The ioctl: 0 or a negative errno.
  static func call(_ descriptor: Int32, _ request: UInt) -> Int32 {
    ioctl(descriptor, request, 0 as CInt) < 0 ? -errno : 0
  }
}
