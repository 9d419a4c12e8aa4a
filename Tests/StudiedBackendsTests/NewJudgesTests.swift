import StudiedBackends
import Study
import Testing

/// The judges of claims that no committed study contains yet, on observations of both outcomes.
@Suite struct NewJudgesTests {
  /// Judges observations, written as "name: value" lines.
  private func judged(_ id: String, _ abi: String, _ lines: String) throws -> ProbeResult {
    let claim = try #require(Catalogue.claims.first { $0.id == id })
    let expectation = try #require(claim.expectation(of: [ABI(abi)]))
    let evidence = lines.split(separator: "\n").map { line in
      let colon = line.range(of: " = ") ?? line.endIndex..<line.endIndex
      return Observation(String(line[..<colon.lowerBound]), String(line[colon.upperBound...]))
    }
    return ProbeResult(claim, expectation, backend: abi, ProbeObservations(evidence: evidence))
  }

  private func expect(
    _ id: String, _ answer: String?, _ outcome: ProbeResult.Outcome, _ lines: String, abi: String = "kernel",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try judged(id, abi, lines)
    #expect(result.answer == answer, "\(result.reason ?? "")", sourceLocation: sourceLocation)
    #expect(result.outcome == outcome, "\(result.reason ?? "")", sourceLocation: sourceLocation)
  }

  @Test func `bytes added to a raw marker contradict the source`() throws {
    let sizes = [20, 24, 40, 100, 200]
    func lines(_ surplus: (Int) -> Int) -> String {
      sizes.map { "\($0) bytes written: bytes of data = \($0 + surplus($0))" }.joined(separator: "\n")
    }
    try expect("raw-marker-size", "none", .asDocumented, lines { _ in 0 })
    try expect("raw-marker-size", "4", .contradicts, lines { _ in 4 })
    try expect("raw-marker-size", "differs by size", .contradicts, lines { $0 == 20 ? 4 : 0 })
  }

  @Test func `a length that does not grow with each byte is rounded`() throws {
    func lines(_ counts: [Int]) -> String {
      zip([200, 201, 202, 203], counts).map { "payload of \($0) bytes: bytes of data = \($1)" }.joined(separator: "\n")
    }
    try expect("event-length", "yes", .asDocumented, lines([216, 217, 218, 219]))
    try expect("event-length", "no, rounded up", .contradicts, lines([216, 220, 220, 220]))
    try expect("event-length", "no, rounded up", .contradicts, lines([216, 220, 220, 220]), abi: "lttng")
    try expect("event-length", nil, .undecided, lines([216, 212, 220, 220]))
  }

  @Test func `an event of unreadable memory contradicts the source`() throws {
    let readable = "\nreadable: write = 40\nreadable: events = 1"
    try expect(
      "marker-of-unreadable-memory", "-EFAULT, no event", .asDocumented,
      "unreadable: write = -14\nunreadable: events = 0" + readable)
    try expect(
      "marker-of-unreadable-memory", "-EFAULT, and an event", .contradicts,
      "unreadable: write = -14\nunreadable: events = 1" + readable)
    try expect(
      "marker-of-unreadable-memory", nil, .undecided,
      "unreadable: write = -14\nunreadable: events = 0\nreadable: events = 0")
  }

  @Test func `a payload that does not arrive from an absent page contradicts the source`() throws {
    let present = "\npresent: payload = as written"
    try expect(
      "marker-of-absent-page", "yes", .asDocumented, "absent: write = 40\nabsent: payload = as written" + present)
    try expect(
      "marker-of-absent-page", "no: -EFAULT", .contradicts,
      "absent: write = -14\nabsent: payload = other bytes" + present)
    try expect(
      "marker-of-absent-page", nil, .undecided,
      "absent: write = 40\nabsent: payload = as written\npresent: payload = none")
  }

  @Test func `the last words are zero or count sub-buffers`() throws {
    func lines(_ first: Int, _ second: Int) -> String {
      "sub-buffers overwritten = 16\nsub-buffers entered = 23\nword at 64 = \(first)\nword at 72 = \(second)"
    }
    try expect("last-words-of-the-meta-page", "0", .asDocumented, lines(0, 0))
    try expect("last-words-of-the-meta-page", "pages lost and touched", .asDocumented, lines(16, 23))
    try expect("last-words-of-the-meta-page", "other numbers", .contradicts, lines(23, 16))
    try expect(
      "last-words-of-the-meta-page", nil, .undecided, lines(0, 0).replacing("overwritten = 16", with: "overwritten = 0")
    )
  }

  @Test func `the type of overwrite is char of one byte`() throws {
    try expect("header-page-overwrite", "char, 1 byte", .asDocumented, "type = char\nsize = 1\nparser = works")
    try expect("header-page-overwrite", "int, 1 byte", .contradicts, "type = int\nsize = 1\nparser = works")
    try expect("header-page-overwrite", nil, .undecided, "type = int\nsize = 1\nparser = refused: no field")
  }

  @Test func `the request that hands out events acquires`() throws {
    func lines(_ old: Int, _ new: Int) -> String {
      "_IO('T', 1): events handed out = \(old)\n_IO('R', 0x20): events handed out = \(new)"
    }
    try expect("acquire-request", "_IO('R', 0x20)", .asDocumented, lines(0, 8))
    try expect("acquire-request", "_IO('T', 1)", .contradicts, lines(8, 0))
    try expect("acquire-request", "none", .contradicts, lines(0, 0))
    try expect(
      "acquire-request", "none", .contradicts, "_IO(0xF6, 0x05): events handed out = 0", abi: "lttng-modules")
  }
}
