import Glibc
import SubbufferSource
import Synchronization
import SystemPackage

/// A file descriptor that can be closed before its owner goes.
struct ClosableDescriptor: ~Copyable, Sendable {
  private let number: Atomic<Int32>

  init(_ number: Int32) {
    self.number = Atomic(number)
  }

  /// The number; negative where it is closed.
  var rawValue: Int32 { number.load(ordering: .acquiring) }

  /// Closes it.
  /// - Returns: whether it was open.
  @discardableResult
  func close() -> Bool {
    let open = number.exchange(-1, ordering: .acquiringAndReleasing)
    guard open >= 0 else { return false }
    _ = Glibc.close(open)
    return true
  }

  deinit { close() }
}

/// The pipe by which the writer wakes the reader up; `lib_ring_buffer_wakeup` and `shm.c`.
///
/// The reader's process and the writer's have a write end each, so the read end hangs up when both are closed.
final class LTTngWakeupPipe: Sendable {
  /// The reader's read end.
  let wait: ClosableDescriptor
  /// The write end of the reader's process.
  let wakeup: ClosableDescriptor
  /// The write end of the writer's process.
  let writerWakeup: ClosableDescriptor
  /// Another read end: a writer that finds the reader's closed goes on. The library discards the `SIGPIPE` instead.
  private let spare: ClosableDescriptor

  init() throws(SourceError) {
    var ends: (Int32, Int32) = (-1, -1)
    let result = withUnsafeMutableBytes(of: &ends) { bytes in
      pipe(bytes.assumingMemoryBound(to: Int32.self).baseAddress)
    }
    guard result == 0 else { throw SourceError(call: "pipe", errno: Errno(rawValue: errno)) }
    wait = ClosableDescriptor(ends.0)
    wakeup = ClosableDescriptor(ends.1)
    writerWakeup = ClosableDescriptor(try Self.control(ends.1, F_DUPFD_CLOEXEC, 0))
    spare = ClosableDescriptor(try Self.control(ends.0, F_DUPFD_CLOEXEC, 0))
    for end in [ends.0, ends.1] {
      _ = try Self.control(end, F_SETFD, FD_CLOEXEC)
      _ = try Self.control(end, F_SETFL, O_NONBLOCK)
    }
  }

  private static func control(_ descriptor: Int32, _ command: Int32, _ value: Int32) throws(SourceError) -> Int32 {
    let result = fcntl(descriptor, command, value)
    guard result >= 0 else { throw SourceError(call: "fcntl", errno: Errno(rawValue: errno)) }
    return result
  }

  /// Puts a byte into the pipe. One that does not fit is dropped, since there are others to wake the reader up.
  func wakeUp(from process: LTTngProcess) {
    let descriptor = process == .traced ? writerWakeup.rawValue : wakeup.rawValue
    guard descriptor >= 0 else { return }
    var byte: UInt8 = 0
    while write(descriptor, &byte, 1) < 0, errno == EINTR {}
  }

  /// Takes all bytes out of the pipe.
  func drain() {
    let descriptor = wait.rawValue
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
      var count = buffer.count
      while count == buffer.count { count = read(descriptor, buffer.baseAddress, buffer.count) }
    }
  }
}
