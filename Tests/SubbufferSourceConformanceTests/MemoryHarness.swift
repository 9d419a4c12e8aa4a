import SubbufferSource
import SubbufferSourceConformance

/// Ring buffers in memory, read by the correct source or by a wrong one.
struct MemoryHarness: ConformanceHarness {
  var isPartial = false
  /// `true` if a wait continues after a signal.
  var isPatient = false
  var defect: Defect?

  let name = "memory"
  let modes = RingMode.allCases
  let subbufferSizes = [4096, 65536]
  let headerSize = MemoryRing.headerSize
  let largestPayload = 65536
  let endsWriter = true
  let writesConcurrently = true

  func eventSize(payload: Int) -> Int { MemoryRing.eventSize(payload: payload) }

  func withSource<Visitor: ConformanceVisitor>(_ shape: RingShape, _ visitor: inout Visitor) throws(SourceError) {
    let ring = MemoryRing(shape, isPartial: defect?.isPartial ?? isPartial)
    if let defect {
      var source = WrongSource(ring, defect)
      visitor.visit(&source, ring)
    } else if isPatient {
      var source = PatientSource(ring)
      visitor.visit(&source, ring)
    } else {
      var source = MemorySource(ring)
      visitor.visit(&source, ring)
    }
  }
}
