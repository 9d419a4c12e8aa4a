import Glibc
import Platform
import SubbufferSource
import SystemPackage

/// A lock on the list of trace events of this machine, by flock(2) on `dynamic_events` of tracefs.
///
/// A program that copies the formats of all events, as trace-cmd does, writes a file that it cannot read back if an event is
/// defined or removed meanwhile. Who runs such a program has the lock shared; who defines or removes an event has it alone.
/// Programs of others do not take it.
package struct TraceEventsLock: ~Copyable {
  /// The kinds of the lock.
  package enum Kind { case shared, exclusive }

  private let descriptor: Int32

  /// Waits for the lock. It is released with the value.
  /// - Throws: ``SourceError``, with `EINTR` if a signal came first.
  package init(_ tracefs: Tracefs, _ kind: Kind) throws(SourceError) {
    let path = "\(tracefs.root)/dynamic_events"
    let opened = open(path, O_RDONLY | O_CLOEXEC)
    // Without the file no event can be defined.
    guard opened >= 0 || errno == ENOENT else { throw .failed("open", path) }
    if opened >= 0, flock(opened, kind == .shared ? LOCK_SH : LOCK_EX) != 0 {
      let error = SourceError.failed("flock", path)
      close(opened)
      throw error
    }
    descriptor = opened
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}
