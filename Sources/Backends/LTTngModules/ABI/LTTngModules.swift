import CLTTngModules
import Glibc
import Platform
import SubbufferSource
import SystemPackage

/// The kernel tracer of LTTng, `/proc/lttng`: what sessions are made of.
///
/// No daemon runs: this is what LTTng's session daemon does. The file is there once the modules `lttng-tracer` and, for
/// mapped ring buffers, `lttng-ring-buffer-client-mmap-discard` and `-overwrite` are loaded.
///
/// Source: lttng-modules 2.13.18, `src/lttng-abi.c` and `include/lttng/abi.h`.
package struct LTTngModules: Sendable {
  /// `/proc/lttng`, which root may open.
  package static let path = "/proc/lttng"
  /// `/proc/lttng-logger`: each `write` is an event `lttng_logger`.
  package static let loggerPath = "/proc/lttng-logger"

  let descriptor: OwnedDescriptor

  /// Opens `/proc/lttng`.
  /// - Throws: ``SourceError`` of kind `unavailable` if there is none or this process may not, of kind
  ///   `unknownFormat` where the ABI has another major version than 2.
  package init() throws(SourceError) {
    let opened = open(LTTngModules.path, O_RDWR | O_CLOEXEC)
    guard opened >= 0 else {
      let code = errno
      throw SourceError(
        .unavailable, call: "open \(LTTngModules.path)", errno: Errno(rawValue: code),
        detail: code == ENOENT ? "the modules of lttng-modules are not loaded" : "",
        remedy: code == ENOENT
          ? "install lttng-modules-dkms and load them: modprobe lttng-ring-buffer-client-mmap-discard "
            + "lttng-ring-buffer-client-mmap-overwrite, modprobe lttng-tracer; or study them in a virtual machine: "
            + "abi-compare vm run"
          : "run as root")
    }
    descriptor = OwnedDescriptor(inheritable: opened)
    let version = try abiVersion()
    guard version.major == 2 else {
      throw SourceError(
        .unknownFormat, call: "ioctl TRACER_ABI_VERSION", detail: "version \(version.major).\(version.minor)",
        remedy: "this program supports version 2 of the ABI, which is that of lttng-modules 2.8 to 2.14")
    }
  }

  /// The version of lttng-modules: `2.13.18`.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_TRACER_VERSION`.
  package func version() throws(SourceError) -> String {
    var version = clm_tracer_version()
    try descriptor.call(clm_tracer_version_request, "ioctl TRACER_VERSION", &version)
    return "\(version.major).\(version.minor).\(version.patchlevel)"
  }

  /// The version of the ABI.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_TRACER_ABI_VERSION`.
  package func abiVersion() throws(SourceError) -> (major: UInt32, minor: UInt32) {
    var version = clm_tracer_abi_version()
    try descriptor.call(clm_tracer_abi_version_request, "ioctl TRACER_ABI_VERSION", &version)
    return (version.major, version.minor)
  }

  /// Waits until no tracepoint that ran when this was called still runs.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_WAIT_QUIESCENT`.
  package func waitQuiescent() throws(SourceError) {
    try descriptor.call(clm_wait_quiescent_request, "ioctl WAIT_QUIESCENT")
  }
}

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
