import Study

/// What a call came to, as `ErrnoName.result` writes it.
extension Evidence {
  /// Whether a call did what it was asked.
  func works(_ name: String) throws(Undecided) -> Bool {
    try !self[name].hasPrefix("-")
  }

  /// Whether a call was refused, with this errno where one is named.
  func refuses(_ name: String, with errno: String = "") throws(Undecided) -> Bool {
    try self[name].hasPrefix("-\(errno)")
  }
}
