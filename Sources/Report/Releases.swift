import Study

extension Wording {
  /// The release with the longest name that a version begins with: "Linux 6.12" for "Linux 6.12.95" if no other is known.
  func release(of version: String) -> Release? {
    releases.filter { release in
      guard version.hasPrefix(release.version) else { return false }
      // "Linux 6.1" is not the release of "Linux 6.12".
      let next = version.dropFirst(release.version.count).first
      return next.map { !$0.isNumber } ?? true
    }.max { $0.version.count < $1.version.count }
  }
}

extension Release {
  /// The date; with the release that it is of, if that is not the whole version.
  func date(of version: String?) -> String {
    let number = self.version.split(separator: " ").last.map(String.init) ?? self.version
    return self.version == version ? date : "\(date) (\(number))"
  }
}
