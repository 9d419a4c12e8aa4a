import SubbufferSource

/// Clause 2: the bytes of a sub-buffer that is held, full or partial, while the writer goes around several times.
struct Clause02ValidUntilReleased: ClauseCase {
  /// `true` if the sub-buffer that is held is full.
  let isFull: Bool
  let headerSize: Int
  let load: String

  private static let laps = 3

  init(isFull: Bool, headerSize: Int) {
    self.isFull = isFull
    self.headerSize = headerSize
    load =
      "a \(isFull ? "full" : "partial") sub-buffer of the smallest events held while the writer goes around "
      + "\(Self.laps) times"
  }

  mutating func run<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: inout Bench
  ) throws(CaseEnd) {
    let full = bench.sizes.full(payload: 0)
    try bench.write(isFull ? full + 1 : full / 2)
    try source.flushOrEnd()
    var reader = Reader()
    try hold(&source, &bench)
    try source.flushOrEnd()
    try reader.drain(&source, bench)
    let missing = reader.delivered.missing(from: 0..<bench.next).total
    if bench.shape.mode == .overwrite, missing < UInt64(bench.capacity) {
      throw .inconclusive("the writer did not wrap around: it overwrote at most \(missing) events")
    }
  }

  private func hold<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: inout Bench
  ) throws(CaseEnd) {
    var changes: (afterAFew: Int, afterLaps: Int)?
    var end: CaseEnd?
    do throws(SourceError) {
      switch try source.acquire() {
      case .subbuffer(let subbuffer):
        do throws(CaseEnd) {
          changes = try compare(subbuffer, &bench)
        } catch {
          end = error
        }
        try subbuffer.release()
      case .nothingYet: break
      case .finished: break
      }
    } catch {
      throw CaseEnd(error, in: "acquire or release")
    }
    if let end { throw end }
    guard let changes else { throw .inconclusive("no sub-buffer was handed out") }
    if changes.afterAFew + changes.afterLaps > 0 {
      throw .broken(
        expected: "the bytes behind the header as they were handed out",
        seen: "\(changes.afterAFew) changed after a few events, \(changes.afterLaps) after \(Self.laps) laps")
    }
  }

  private func compare(
    _ subbuffer: borrowing Subbuffer, _ bench: inout Bench
  ) throws(CaseEnd) -> (afterAFew: Int, afterLaps: Int) {
    let count = subbuffer.unreadOffset &+ subbuffer.unreadCount
    guard count >= 0, count <= bench.shape.subbufferSize else {
      throw .inconclusive("a hand-over is not one sub-buffer (clause 1)")
    }
    let before = subbuffer.bytes(behind: headerSize)
    guard !before.isEmpty else { throw .inconclusive("the held sub-buffer has no bytes after its header") }
    try bench.write(max(1, bench.sizes.full(payload: 0) / 4), fit: .maybe)
    let afterAFew = Self.differences(before, subbuffer.bytes(behind: headerSize))
    try bench.write(Self.laps * bench.capacity, fit: .maybe)
    return (afterAFew, Self.differences(before, subbuffer.bytes(behind: headerSize)))
  }

  private static func differences(_ before: [UInt8], _ after: [UInt8]) -> Int {
    zip(before, after).count { $0 != $1 }
  }
}
