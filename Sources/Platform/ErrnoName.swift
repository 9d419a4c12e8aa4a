import CPlatform

/// The name of an errno, for an observation.
public enum ErrnoName {
  /// `EBADF (9)`; the number alone where it has no name.
  public static func text(_ code: Int32) -> String {
    guard let name = cprocess_errno_name(code) else { return "\(code)" }
    return "\(String(cString: name)) (\(code))"
  }

  /// The return value of a call: `0`, or `-EAGAIN (-11)` for a negative errno.
  public static func result(_ result: Int32) -> String {
    guard result < 0, let name = cprocess_errno_name(-result) else { return "\(result)" }
    return "-\(String(cString: name)) (\(result))"
  }
}
