import SubbufferSource

extension PageFormat {
  // The lines that the kernel writes, without blanks; the one line without a colon is compared as a whole.
  private static let knownEventLines: [(key: String, value: String)] = [
    ("type_len", "\(EventType.typeLenBits) bits"),
    ("time_delta", "\(EventType.timeDeltaBits) bits"),
    ("array", "32 bits"),
    ("padding", "type == \(EventType.padding)"),
    ("time_extend", "type == \(EventType.timeExtend)"),
    ("time_stamp", "type == \(EventType.timeStamp)"),
    ("data max type_len", "== \(EventType.dataMaxTypeLen)"),
  ]

  /// Checks that `events/header_event` tells the one layout of event headers that is known.
  static func checkEvent(_ text: String) throws(SourceError) {
    var seen: Set<String> = []
    for line in text.trimmedLines where !line.hasPrefix("#") {
      let (key, value) = split(line)
      guard let known = knownEventLines.first(where: { $0.key == key }) else {
        throw unknown("header_event", "unknown line '\(line)'")
      }
      guard value == known.value else {
        throw unknown("header_event", "\(key) is '\(value)', not '\(known.value)'")
      }
      guard seen.insert(key).inserted else { throw unknown("header_event", "\(key) twice") }
    }
    if let missing = knownEventLines.first(where: { !seen.contains($0.key) }) {
      throw unknown("header_event", "no \(missing.key)")
    }
  }

  /// The two sides of the colon, or of the `==` where there is no colon.
  private static func split(_ line: Substring) -> (key: String, value: String) {
    if let colon = line.firstIndex(of: ":") {
      return (String(line[..<colon].trimmed), String(line[line.index(after: colon)...].trimmed))
    }
    guard let equals = line.firstIndex(of: "=") else { return (String(line), "") }
    return (String(line[..<equals].trimmed), String(line[equals...].trimmed))
  }
}
