import CLTTngModules
import Glibc
import Platform
import SubbufferSource
import SystemPackage

extension OwnedDescriptor {
  /// Takes over a descriptor that a child would inherit.
  ///
  /// lttng-modules makes such (`lttng_get_unused_fd` of `lttng-abi.c`, without flags), and a stream that a child has open
  /// is not free for another reader: so they are marked at once.
  convenience init(inheritable descriptor: Int32) {
    self.init(descriptor)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  /// Makes an ioctl without an argument.
  /// - Returns: what it returned: 0, or a new descriptor.
  /// - Throws: ``SourceError``.
  @discardableResult
  func call(_ request: UInt, _ name: String, remedy: String = "") throws(SourceError) -> Int32 {
    try checked(clm_call(rawValue, request), name, remedy: remedy)
  }

  /// Makes an ioctl with what its argument points to.
  /// - Returns: what it returned: 0, or a new descriptor.
  /// - Throws: ``SourceError``.
  @discardableResult
  func call<Argument: BitwiseCopyable>(
    _ request: UInt, _ name: String, _ argument: inout Argument, remedy: String = ""
  ) throws(SourceError) -> Int32 {
    try checked(clm_call_with(rawValue, request, &argument), name, remedy: remedy)
  }
}

/// Passes a result on, or throws it where it is a negative errno.
@discardableResult
func checked(
  _ result: Int32, _ call: @autoclosure () -> String, remedy: @autoclosure () -> String = ""
) throws(SourceError) -> Int32 {
  if result < 0 { throw SourceError(call: call(), errno: Errno(rawValue: -result), remedy: remedy()) }
  return result
}
