import SubbufferSource
import SystemPackage

/// Calls a function of the C loops.
func checked(_ call: String, _ result: Int32) throws(SourceError) {
  guard result == 0 else { throw SourceError(call: call, errno: Errno(rawValue: -result)) }
}
