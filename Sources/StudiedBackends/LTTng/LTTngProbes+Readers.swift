import Platform
import Study
import SubbufferSource

extension LTTngStudy {
  /// More than one reader.
  var readersProbes: [Probe] {
    [
      probe(LTTngAnswers.severalReaders) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.add("second create_stream of the CPU", ring.openAgain())
        try ring.write(8)
        try stream.flush(producerActive: true)
        evidence.add("get_next_subbuf of the first reader then", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
      }
    ]
  }
}
