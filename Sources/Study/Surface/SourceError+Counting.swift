import SubbufferSource
import SystemPackage

extension SourceError {
  /// A failure to count.
  /// - Parameter result: the negative errno.
  init(counting call: String, _ result: Int32) {
    let code = Errno(rawValue: -result)
    let remedy =
      switch code {
      case .permissionDenied, .notPermitted:
        "run as root, or with CAP_PERFMON: sysctl kernel.perf_event_paranoid says what others may"
      case .noSpace: "stop other debuggers and perf: the debug registers of this CPU are in use"
      case .noSuchFileOrDirectory, .notSupportedOnSocket, .notSupported:
        "this kernel or virtual machine has no such counter"
      case .noBufferSpace: "report it: the records did not fit into their ring buffer"
      default: ""
      }
    self.init(.unavailable, call: call, errno: code, remedy: remedy)
  }
}
