import ReferenceModels
import Study
import SubbufferSource
import Workload

/// A model of LTTng's ring buffer in a loss scenario.
struct StudiedLTTngModelRing: StudiedRing {
  let ring: LTTngModelRing

  var producer: any LoadProducer { ring.producer }

  func withSource<Visitor: SourceVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    var source = LTTngModelSource(try ring.channel.stream())
    try visitor.visit(&source) { control, source throws(SourceError) in
      guard control == .clear else { throw ModelRing.cannot(control.rawValue) }
      source.stream.clearBuffer()
      return ErrnoName.result(0)
    }
  }

  func killReaderHolding() throws(SourceError) -> String { throw ModelRing.cannot("kill a reader") }
}
