import Glibc
import LTTngModulesBackend
import Platform
import Study
import SubbufferSource

extension LTTngModulesStudy {
  /// Clearing another CPU, and stopping the session.
  var liveChangesProbes: [Probe] {
    [
      probe(LTTngAnswers.clearOfAnother) { (ring, evidence) throws(SourceError) in
        let count = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let other = (0..<count).first { $0 != ring.cpu }
        evidence.add("another CPU", other.map { "\($0)" } ?? "none")
        guard let other else { return }
        let stream = try ring.stream()
        let theirs = try LTTngModulesStream(ring.session.channel.stream(cpu: other), ring.session)
        try ring.write(300)
        evidence.add("clear of the other", ErrnoName.result(theirs.clearBuffer()))
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
      probe(LTTngAnswers.writerTold, mode: .discard) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let truth = try ring.write(2 * ring.eventsPerRing())
        _ = try stream.readAll()
        try stream.flush(producerActive: false)
        evidence.add("events produced", truth.produced)
        evidence.add("writes that failed", truth.refused)
        evidence.add("events_discarded of the last packet", try stream.readAll().last?.eventsDiscarded ?? 0)
      },
    ]
  }
}
