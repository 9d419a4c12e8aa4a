import Study
import SubbufferSource

extension KernelStudy {
  /// The layout of the meta page, and how it grows.
  var layoutProbes: [Probe] {
    [
      probe(KernelAnswers.toldLength) { (ring, evidence) throws(SourceError) in
        evidence.add("meta_struct_len", try ring.map().metaPage.metaStructLength)
      },
      probe(KernelAnswers.lengthsDiffer) { (ring, evidence) throws(SourceError) in
        evidence.add("meta_struct_len", try ring.map().metaPage.metaStructLength)
        for layout in [MetaLayout.v11, .v12, .merged] {
          evidence.add("length of \(layout.name)", layout.length)
        }
      },
    ]
  }
}
