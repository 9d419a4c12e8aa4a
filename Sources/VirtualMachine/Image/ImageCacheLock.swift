import Glibc
import Platform
import Study
import SubbufferSource
import SystemPackage

/// The right to build in a cache; another process has to wait for it.
final class ImageCacheLock {
  private let descriptor: Int32

  /// Waits for the right.
  /// - Parameter wait: is called where another process has it.
  /// - Throws: ``SourceError`` where the file cannot be locked; of kind `interrupted` where the user ends the run.
  init(_ directory: String, wait: () -> Void) throws(SourceError) {
    let path = "\(directory)/.lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SourceError(call: "open \(path)", errno: Errno(rawValue: errno)) }
    self.descriptor = descriptor
    guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return }
    if errno == EWOULDBLOCK { wait() }
    while flock(descriptor, LOCK_EX) != 0 {
      // The end of the reference closes the file.
      guard errno == EINTR else { throw SourceError(call: "flock \(path)", errno: Errno(rawValue: errno)) }
      try Interruption.check()
    }
  }

  deinit {
    close(descriptor)
  }
}
