import Platform

/// Observations in the words of an answer.
extension Evidence {
  /// The answer of an lttng-modules channel that `CHAN_WARN_ON` has disabled.
  package static let disablesChannel = "disables the channel (-EIO)"

  /// Returns the result of a call without the number of its errno: "-EAGAIN" of "-EAGAIN (-11)" and of "-11".
  package func code(_ name: String) throws(Undecided) -> String {
    let value = try self[name]
    let named = Int32(value).map(ErrnoName.result) ?? value
    return named.split(separator: " (", maxSplits: 1).first.map(String.init) ?? named
  }

  /// Returns the results of several calls: the common one, or "-EAGAIN, then 0".
  package func codes(_ names: [String]) throws(Undecided) -> String {
    var codes: [String] = []
    for name in names {
      let code = try code(name)
      if codes.last != code { codes.append(code) }
    }
    return codes.joined(separator: ", then ")
  }

  /// Returns the name of the signal that a load raised: "SIGBUS" of "signal 7", and any other value unchanged.
  package func signal(_ name: String) throws(Undecided) -> String {
    switch try self[name] {
    case "signal 7": "SIGBUS"
    case "signal 11": "SIGSEGV"
    case let other: other
    }
  }

  /// Returns the common answer of overwrite and discard mode, or both if they differ.
  /// - Parameter answer: computes the answer of one mode from the prefix of its observations.
  package func inBothModes(_ answer: (String) throws -> String) throws -> String {
    let (overwrite, discard) = try (answer("overwrite: "), answer("discard: "))
    if overwrite == discard { return overwrite }
    let both = "overwrite: \(overwrite); discard: \(discard)"
    return both.split(separator: " ").count > Answer.longest ? "differs between the modes" : both
  }
}
