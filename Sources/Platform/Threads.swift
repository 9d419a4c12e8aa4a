import Glibc
import SubbufferSource
import SystemPackage

/// Starts a thread, which must be joined or detached.
///
/// Foundation's Thread does not report a failure to start.
/// - Throws: ``SourceError`` if the thread cannot be started.
package func startThread(_ body: @escaping @Sendable () -> Void) throws(SourceError) -> pthread_t {
  var thread = pthread_t()
  let box = Unmanaged.passRetained(Body(run: body))
  let error = pthread_create(
    &thread, nil,
    { argument in
      if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
      return nil
    }, box.toOpaque())
  guard error == 0 else {
    box.release()
    throw SourceError(
      call: "pthread_create", errno: Errno(rawValue: error), remedy: "raise the limit on threads (ulimit -u)")
  }
  return thread
}

private final class Body: Sendable {
  let run: @Sendable () -> Void

  init(run: @escaping @Sendable () -> Void) {
    self.run = run
  }
}
