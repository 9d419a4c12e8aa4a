import LTTngUSTABI
import SubbufferSource
import SystemPackage
import Testing

@Suite(.enabled(if: testsRun, "LTTng-UST cannot run here"), .serialized, .timeLimit(.minutes(10)))
struct PositionTests {
  private func read(_ source: inout LTTngUSTSource, at position: UInt) throws -> Seen? {
    let decoder = source.decoder
    var seen = Seen()
    switch try source.acquire(at: position) {
    case .subbuffer(let subbuffer):
      try seen.add(subbuffer, decoder)
      try subbuffer.release()
      return seen
    case .nothingYet: return nil
    case .finished: return nil
    }
  }

  @Test(arguments: [RingMode.discard, .overwrite])
  func `Reading by position consumes nothing`(mode: RingMode) throws {
    let traced = try TracedProcess(.tight(mode))
    var source = try traced.source()
    try traced.write(200)
    let positions = try source.snapshot()
    #expect(positions.lowerBound == 0)
    #expect(positions.count >= 2 * 4096)
    for _ in 0..<2 {
      var sequence: [UInt64] = []
      for position in stride(from: positions.lowerBound, to: positions.upperBound, by: 4096) {
        let seen = try #require(try read(&source, at: position))
        #expect(seen.numbers == [UInt64(position / 4096)])
        #expect(seen.losses == [.notTold])
        sequence += seen.sequence
      }
      #expect(sequence == Array(0..<UInt64(sequence.count)))
    }
    #expect(try source.snapshot() == positions)

    traced.producer.end()
    #expect(try readToEnd(&source).sequence == Array(0..<200))
  }

  @Test func `Where there is nothing there is no snapshot, and a stale position is nothing yet`() throws {
    let traced = try TracedProcess(.roomy)
    var source = try traced.source()
    try traced.write(3)
    do throws(SourceError) {
      _ = try source.snapshot()
      Issue.record("a snapshot of nothing")
    } catch {
      #expect(error.errno == .resourceTemporarilyUnavailable)
    }
    _ = try source.flush()
    #expect(try source.snapshot() == 0..<4096)
    var seen = Seen()
    #expect(try !readAvailable(&source, into: &seen))
    let stale = try read(&source, at: 0)
    #expect(stale == nil)
    let beyond = try read(&source, at: 4096)
    #expect(beyond == nil)
  }

  @Test func `Sampled positions are exact to the byte`() throws {
    let traced = try TracedProcess(.roomy)
    traced.session.channel.waitForFullTimestamps()
    let stream = try traced.session.channel.stream(cpu: 0)
    try stream.snapshotSamplePositions()
    let empty = try stream.snapshotGetProduced()
    try traced.write(1)
    try stream.snapshotSamplePositions()
    let one = try stream.snapshotGetProduced()
    try traced.write(1, from: 1)
    try stream.snapshotSamplePositions()
    // Up to 2.14 the packet header exists from the start. An event with 32 bytes takes 4 + 8 + 4 + 32; the first takes
    // more, because its time stamp is a full one.
    #expect(empty == producedWhenNew)
    #expect(one == 84 + 57)
    #expect(try stream.snapshotGetProduced() == 84 + 57 + 48)
    #expect(try stream.snapshotGetConsumed() == 0)
  }
}
