import CLTTngUST
import Platform
import SubbufferSource
import SystemPackage

/// The socket on which a traced process carries out commands, one after the other.
struct CommandSocket: ~Copyable {
  private let socket: OwnedDescriptor

  init(_ socket: OwnedDescriptor) {
    self.socket = socket
  }

  /// Calls one of the library's functions and explains what its result means on a socket.
  @discardableResult
  func send(_ name: StaticString, _ function: (Int32) -> Int32) throws(SourceError) -> Int32 {
    let result = function(socket.rawValue)
    if result >= 0 { return result }
    let remedy =
      switch Errno(rawValue: -result) {
      case .brokenPipe, .connectionReset: "the traced process is gone; see its standard error"
      case .resourceTemporarilyUnavailable: "the traced process did not answer in time; raise the timeout"
      default: ""
      }
    throw SourceError("\(name)", result: result, remedy: remedy)
  }
}
