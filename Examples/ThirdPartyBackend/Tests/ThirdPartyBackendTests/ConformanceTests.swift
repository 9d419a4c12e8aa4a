import SubbufferSource
import SubbufferSourceConformance
import Testing
import ThirdPartyBackend

/// What the kit has to be told.
struct SharedRingHarness: ConformanceHarness {
  let name = "shared ring"
  let modes: [RingShape.Mode] = [.discard]
  let subbufferSizes = [4096, 65536]
  let headerSize = SharedRing.headerSize
  let largestPayload = 65536
  let endsWriter = true
  let writesConcurrently = true

  func eventSize(payload: Int) -> Int { SharedRing.eventSize(payload: payload) }

  func withSource<Visitor: ConformanceVisitor>(_ shape: RingShape, _ visitor: inout Visitor) throws(SourceError) {
    let ring = SharedRing(subbufferSize: shape.subbufferSize, subbufferCount: shape.subbufferCount)
    var source = SharedRingSource(ring)
    visitor.visit(&source, SharedRingWriter(ring: ring))
  }
}

struct SharedRingWriter: ConformanceWriter {
  let ring: SharedRing

  func write(first: UInt64, count: UInt64, payload: Int) -> Written {
    var accepted: UInt64 = 0
    for sequence in first..<first + count where ring.write(sequence, payload: payload) { accepted += 1 }
    return Written(accepted: accepted, refused: count - accepted)
  }

  func end() { ring.end() }
}

/// Clause 13 needs a counter of allocations, which this package does not have.
@Test func keepsEveryClause() {
  for result in ConformanceKit.run(SharedRingHarness()) where result.clause != .nothingPerSubbuffer {
    #expect(result.verdict == .kept, "\(result)")
  }
}
