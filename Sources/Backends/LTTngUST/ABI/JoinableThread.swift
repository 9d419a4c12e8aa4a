import Glibc
import Platform
import SubbufferSource

/// A thread of its own for calls that block, ended by ``join()``.
///
/// The calls of liblttng-ust-ctl block in the kernel, which the threads of Swift's concurrency must not do.
struct JoinableThread: ~Copyable {
  private let thread: pthread_t

  /// Starts a thread.
  /// - Throws: ``SourceError`` where no thread can be made.
  init(_ body: @escaping @Sendable () -> Void) throws(SourceError) {
    thread = try startThread(body)
  }

  /// Waits until the thread has ended.
  consuming func join() {
    pthread_join(thread, nil)
  }
}
