import Glibc
import Platform
import Study

extension Evidence {
  private static let anyCall = "any call afterwards"

  /// Writes down whether the ring buffer refuses every call from now on: `CHAN_WARN_ON` of lttng-modules disables the
  /// channel, and its ioctls then return `-EIO` (`lib_ring_buffer_ioctl`).
  /// - Returns: whether it does.
  mutating func addSwitchedOff(_ stream: some LTTngStream) -> Bool {
    let result = stream.snapshotSamplePositions()
    guard result == -EIO else { return false }
    add(Evidence.anyCall, ErrnoName.result(result))
    return true
  }

  /// `true` if that was observed, in either mode.
  var isSwitchedOff: Bool { observations.contains { $0.name.hasSuffix(Evidence.anyCall) } }
}
