import Glibc
import Platform
import Study
import SubbufferSource
import SystemPackage

extension LTTngStudy {
  /// Probes of the time at which a reader learns of data.
  var readinessProbes: [Probe] {
    [
      probe(LTTngAnswers.nothingThere) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.add("empty: get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        try ring.write(8)
        try stream.flush(producerActive: true)
        evidence.add("events read", try stream.readAll().sequences.count)
        evidence.add("all is read: get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
      },
      probe(LTTngAnswers.pollWhenAllIsRead) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.add("empty: poll", try stream.pollText())
        let one = ring.eventsPerSubbuffer()
        try ring.write(2 * one + one / 2)
        evidence.add("with data: poll", try stream.pollText())
        evidence.add("events read", try stream.readAll().sequences.count)
        evidence.add("all is read: poll", try stream.pollText())
      },
      probe(LTTngAnswers.pollinWhenFull, mode: .discard) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(ring.eventsPerSubbuffer() + 1)
        evidence.add("one full: poll for POLLIN", try stream.pollText(for: POLLIN))
        try ring.write(2 * ring.eventsPerRing(), from: ring.eventsPerSubbuffer() + 1)
        evidence.add("full: poll for POLLIN", try stream.pollText(for: POLLIN))
        evidence.add("full: poll for POLLIN | POLLPRI", try stream.pollText())
        try stream.flush(producerActive: true)
        evidence.add("full and flushed: poll for POLLIN", try stream.pollText(for: POLLIN))
        evidence.add("full and flushed: poll for POLLIN | POLLPRI", try stream.pollText())
        let got = stream.unsafeGetNextSubbuffer()
        evidence.add("full: acquire", ErrnoName.result(got))
        if got == 0 { try stream.putNext() }
      },
      probe(LTTngAnswers.wakeUpForEach) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let one = ring.eventsPerSubbuffer()
        try ring.write(3 * one + one / 2)
        evidence.add("bytes in the pipe", try stream.waitByteCount())
        evidence.add("sub-buffers that could be read", try stream.readAll().count)
        evidence.add("bytes in the pipe when all is read", try stream.waitByteCount())
      },
    ]
  }
}

extension LTTngStream {
  /// The number of bytes that are in the pipe that wakes the reader up (`FIONREAD`).
  func waitByteCount() throws(SourceError) -> Int32 {
    var count: Int32 = 0
    guard ioctl(waitDescriptor, UInt(FIONREAD), &count) == 0 else {
      throw SourceError(call: "ioctl(FIONREAD)", errno: Errno(rawValue: errno))
    }
    return count
  }
}
