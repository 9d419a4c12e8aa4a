/// Results of calls, as `ErrnoName.result` writes them.
extension Evidence {
  /// Returns `true` if a call succeeded.
  package func works(_ name: String) throws(Undecided) -> Bool {
    try !self[name].hasPrefix("-")
  }

  /// Returns `true` if a call was refused, with this errno if one is named.
  package func refuses(_ name: String, with errno: String = "") throws(Undecided) -> Bool {
    try self[name].hasPrefix("-\(errno)")
  }
}

/// Reported losses, in the words of the report.
extension Evidence {
  /// Compares a reported number with the number of lost events.
  /// - Returns: "exact", "reports 0 (wrong)", "too few" or "too many".
  package func report(_ name: String, of lost: Int64) throws(Undecided) -> String {
    let reported = try number(name)
    if reported == lost { return "exact" }
    if reported == 0 { return "reports 0 (wrong)" }
    return reported < lost ? "too few" : "too many"
  }
}
