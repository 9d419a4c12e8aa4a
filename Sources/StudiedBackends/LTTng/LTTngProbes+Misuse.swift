import Platform
import Study
import SubbufferSource

extension LTTngStudy {
  /// Calls in the wrong order.
  var misuseProbes: [Probe] {
    getAndPutProbes + [
      probeInBothModes(LTTngAnswers.doubleAcquire) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(500)
        evidence.add("first get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("held after it", stream.lookText)
        evidence.add("second get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("held after the second", stream.lookText)
        evidence.add("put_next_subbuf", ErrnoName.result(stream.unsafePutNextSubbuffer()))
        evidence.add("get_next_subbuf then", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("held then", stream.lookText)
      },
      probeInBothModes(LTTngAnswers.releaseWithoutAcquire) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(500)
        try stream.flush(producerActive: true)
        let before = try stream.positions()
        evidence.add("put_next_subbuf without a get", ErrnoName.result(stream.unsafePutNextSubbuffer()))
        if evidence.addSwitchedOff(stream) { return }
        let after = try stream.positions()
        evidence.add("consumed position", "\(before.consumed) → \(after.consumed)")
        let got = stream.unsafeGetNextSubbuffer()
        evidence.add("get_next_subbuf then", ErrnoName.result(got))
        let events = got == 0 ? try stream.look().sequences : []
        evidence.add("events handed out", events.asRange)
        evidence.add("first event that can be read then", events.first.map(String.init) ?? "none")
        if got == 0 { try stream.putNext() }
      },
    ]
  }
}
