import Glibc
import SubbufferSource
import SystemPackage

/// A thread of its own for calls that block, ended by ``join()``.
///
/// The calls of liblttng-ust-ctl block in the kernel, which the threads of Swift's concurrency must not do.
struct JoinableThread: ~Copyable {
  private let thread: pthread_t

  /// Starts a thread.
  init(_ body: @escaping @Sendable () -> Void) throws(SourceError) {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Body(run: body))
    let error = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, box.toOpaque())
    if error != 0 {
      box.release()
      throw SourceError(
        call: "pthread_create", errno: Errno(rawValue: error), remedy: "raise the limit on threads (ulimit -u)")
    }
    self.thread = thread
  }

  /// Waits until the thread has ended.
  consuming func join() {
    pthread_join(thread, nil)
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(run: @escaping @Sendable () -> Void) {
      self.run = run
    }
  }
}
