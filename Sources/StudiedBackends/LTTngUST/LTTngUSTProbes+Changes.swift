import LTTngUSTBackend
import Platform
import Study
import SubbufferSource

extension LTTngUSTStudy {
  /// Clearing another CPU, and stopping the session.
  var liveChangesProbes: [Probe] {
    [
      probe(LTTngAnswers.clearOfAnother) { (ring, evidence) throws(SourceError) in
        let other = (0..<ring.library.streamsPerChannel).first { $0 != ring.cpu }
        evidence.add("another CPU", other.map { "\($0)" } ?? "none")
        guard let other else { return }
        let stream = try ring.stream()
        let theirs = try ring.session.channel.stream(cpu: other)
        try ring.write(300)
        try theirs.clearBuffer()
        evidence.add("read after the first", try stream.readAllUnread().asRange)
        try ring.write(100, from: 300)
        evidence.add("clear of this", ErrnoName.result(stream.clearBuffer()))
        evidence.add("read after the second", try stream.readAllUnread().asRange)
      },
      probe(LTTngAnswers.recordingOff) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(100)
        try ring.session.stop()
        try ring.write(100, from: 100)
        evidence.add("read while it is off", try stream.readAllUnread().asRange)
        try ring.session.restart()
        try ring.write(100, from: 200)
        evidence.add("read after", try stream.readAllUnread().asRange)
      },
    ]
  }
}
