import Glibc
import Study
import SubbufferSource
import TracefsBackend

extension TracefsStudy {
  /// Options and clearing while the ring buffer is mapped.
  var liveChangesProbes: [Probe] {
    [
      probe(KernelAnswers.clearEmpties) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(300)
        _ = try mapping.getReader()
        evidence.add("read before it", try mapping.look().sequences.asRange)
        evidence.add("clear", Attempt.set(ring.instance, "trace", ""))
        try ring.write(100, from: 300)
        evidence.add("read after it", try mapping.readAllUnread().asRange)
      },
      probe(KernelAnswers.clearIsShown) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(2_000)
        evidence.add("meta page before it", try mapping.getReader().countersText)
        evidence.add("clear", Attempt.set(ring.instance, "trace", ""))
        evidence.add("meta page after it", mapping.metaPage.countersText)
        evidence.add("reader.id after it", mapping.metaPage.readerID)
      },
      probe(KernelAnswers.clearIsNoLoss) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(300)
        _ = try mapping.getReader()
        evidence.add("clear", Attempt.set(ring.instance, "trace", ""))
        try ring.write(100, from: 300)
        let meta = try mapping.getReader()
        let look = try mapping.look()
        evidence.add("events", look.sequences.asRange)
        evidence.add("commit", look.commitText)
        evidence.add("told by the header", look.hasMissedEvents ? look.loss.text : "none")
        evidence.add("meta.reader.lost_events", meta.readerLostEvents)
        evidence.add("meta.overrun", meta.overrun)
      },
      probe(KernelAnswers.clearOfAnother) { (ring, evidence) throws(SourceError) in
        let other = ring.otherCPU
        evidence.add("another CPU", other.map { "\($0)" } ?? "none")
        guard let other else { return }
        let mapping = try ring.map()
        try ring.write(300)
        evidence.add("clear of the other", Attempt.set(ring.instance, "per_cpu/cpu\(other)/trace", ""))
        evidence.add("read after the first", try mapping.readAllUnread().asRange)
        try ring.write(100, from: 300)
        evidence.add("clear of this", Attempt.set(ring.instance, "per_cpu/cpu\(ring.cpu)/trace", ""))
        evidence.add("read after the second", try mapping.readAllUnread().asRange)
      },
      probe(KernelAnswers.clockClears) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(300)
        evidence.add("time stamp before it", try mapping.timestamp(of: mapping.getReader().readerID))
        evidence.add("trace_clock", Attempt.set(ring.instance, "trace_clock", "counter"))
        evidence.add("meta page after it", mapping.metaPage.countersText)
        try ring.write(100, from: 300)
        evidence.add("time stamp after it", try mapping.timestamp(of: mapping.getReader().readerID))
        evidence.add("read after it", try (mapping.look().sequences + mapping.readAllUnread()).asRange)
      },
      probe(KernelAnswers.overwriteToggled) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(2_000)
        evidence.add("stats: overrun before it", try ring.stats().overrun)
        evidence.add("options/overwrite", Attempt.set(ring.instance, "options/overwrite", "0"))
        let truth = try ring.write(2_000, from: 2_000)
        evidence.add("writes that were refused then", truth.refused)
        let stats = try ring.stats()
        evidence.add("stats: overrun after it", stats.overrun)
        evidence.add("stats: dropped after it", stats.droppedEvents)
        let read = try mapping.readAllUnread()
        evidence.add("first event read", read.first.map { "\($0)" } ?? "none")
        evidence.add("read", read.asRange)
      },
      probe(KernelAnswers.recordingOff) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(100)
        try ring.instance.set("tracing_on", "0")
        let truth = try ring.write(100, from: 100)
        evidence.add("writes that were refused while it is off", truth.refused)
        evidence.add("read while it is off", try mapping.readAllUnread().asRange)
        try ring.instance.set("tracing_on", "1")
        try ring.write(100, from: 200)
        evidence.add("read after", try mapping.readAllUnread().asRange)
      },
    ]
  }
}

extension TracefsRing {
  /// A CPU that is not the writer's and that has a ring buffer; `nil` if there is none.
  fileprivate var otherCPU: Int? {
    (0..<Int(sysconf(Int32(_SC_NPROCESSORS_CONF)))).first {
      $0 != cpu && access("\(instance.path)/per_cpu/cpu\($0)/trace", F_OK) == 0
    }
  }
}

extension TracefsMapping {
  /// The time stamp in the header of a sub-buffer.
  fileprivate func timestamp(of id: UInt32) throws(SourceError) -> UInt64 {
    try bytes(of: id).prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}

extension MetaPage {
  /// The counters that a clear sets to 0.
  fileprivate var countersText: String {
    "entries \(entries), overrun \(overrun), read \(read), reader.read \(readerRead), "
      + "reader.lost_events \(readerLostEvents)"
  }
}
