import Platform
import ReferenceModels
import Study
import SubbufferSource
import Workload

/// A model of LTTng's ring buffer in a loss scenario.
final class StudiedLTTngModelRing: StudiedRing {
  let ring: LTTngModelRing
  /// The state that the last closed reader left for the next one.
  private var memory: LTTngModelReaderMemory?

  init(ring: LTTngModelRing) {
    self.ring = ring
  }

  var producer: any LoadProducer { ring.producer }
  var tellsWriter: Bool { true }
  var heldAt: String { "nowhere" }

  func withSource<Visitor: SourceVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    var source = LTTngModelSource(try ring.channel.stream(), memory: memory)
    defer { memory = source.memory }
    try visitor.visit(&source) { control, source throws(SourceError) in
      guard control == .clear else { throw ModelRing.cannot(control.rawValue) }
      source.stream.clearBuffer()
      return ErrnoName.result(0)
    }
  }

  func killReaderHolding() throws(SourceError) -> String { throw ModelRing.cannot("kill a reader") }
}
