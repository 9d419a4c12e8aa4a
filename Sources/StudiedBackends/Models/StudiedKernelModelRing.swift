import ReferenceModels
import Study
import SubbufferSource
import Workload

/// A model of the kernel's ring buffer in a loss scenario.
struct StudiedKernelModelRing: StudiedRing {
  let ring: KernelModelStudyRing

  var producer: any LoadProducer { ring.producer }
  var tellsWriter: Bool { true }
  var heldAt: String { "nowhere" }

  func withSource<Visitor: SourceVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    var source = try KernelModelSource(ring.model)
    try visitor.visit(&source) { control, _ throws(SourceError) in throw ModelRing.cannot(control.rawValue) }
  }

  func killReaderHolding() throws(SourceError) -> String { throw ModelRing.cannot("kill a reader") }
}
