import Glibc
import Results
import Study
import SubbufferSource
import TracefsABI

extension KernelAnswers {
  static let clearEmpties = Claim.clearEmpties.answered([
    .kernel: .documented("yes: exactly the 100 later events are read", Claim.readAfterClear)
  ])

  static let clearIsShown = Claim.clearIsShown.answered(
    procedure: "Map; write 2000 events, acquire once; clear; look at the meta page without another acquire.",
    [
      .kernel: .assumed(
        "from the code: yes, entries, overrun, read and reader.read are 0",
        reaching: [.somethingToClear { seen in try seen["meta page before it"] != seen["meta page after it"] }]
      ) { seen in
        let isZero = try seen["meta page after it"].hasPrefix("entries 0, overrun 0, read 0, reader.read 0,")
        return Answer(isZero ? "yes" : "in part", expected: "yes")
      }
    ])

  static let clearIsNoLoss = Claim.clearIsNoLoss.answered([
    .kernel: .assumed("no: neither the header nor overrun reports a loss") { seen in
      if try seen["told by the header"] != "none" { return Answer("yes, in the header", isExpected: false) }
      return try Answer(seen.number("meta.overrun") == 0 ? "no" : "yes, in overrun", expected: "no")
    }
  ])

  static let clearOfAnother = Claim.clearOfAnother.answered([
    .kernel: .documented("yes: all 300 are read after the first clear, none after the second", Claim.clearedAlone)
  ])

  static let clockClears = Claim(
    "clock-change-clears", .changes, title: "Does a new trace_clock clear the ring buffer?",
    question:
      "Does setting trace_clock while the ring buffer is mapped clear it, and do later time stamps come from the "
      + "new clock?",
    source:
      "Documentation/trace/ftrace.rst, trace_clock: \"Setting a clock clears the ring buffer content as well as the "
      + "\"snapshot\" buffer.\", and counter: \"This is not a clock at all, but literally an atomic "
      + "counter.\"",
    procedure:
      "Map the ring buffer; write 300 events with the clock mono, acquire; set the clock counter; write 100 more; "
      + "read everything.",
    notModelled: "clocks are set through files of tracefs",
    reaching: [.worked("trace_clock")],
    [
      .kernel: .documented("yes: exactly the 100 later events are read, with a smaller time stamp") { seen in
        if try seen["read after it"] != "300 … 399 (100)" { return Answer("no", isExpected: false) }
        let isNewClock = try seen.number("time stamp after it") < seen.number("time stamp before it")
        return Answer(isNewClock ? "yes" : "yes, but keeps the clock", expected: "yes")
      }
    ])

  static let overwriteToggled = Claim(
    "overwrite-turned-off", .changes, title: "Turning overwrite off on a full, mapped ring buffer",
    question:
      "If overwrite is turned off on a full, mapped ring buffer: are the oldest events kept from then on, and new ones "
      + "dropped?",
    source: "Documentation/trace/ftrace.rst, overwrite: \"If \"1\" (default), the oldest events are discarded and "
      + "overwritten. If \"0\", then the newest events are discarded. (see per_cpu/cpu0/stats for overrun and "
      + "dropped)\"",
    procedure:
      "Map the ring buffer and write 2000 events, which wraps it; set options/overwrite to 0; write 2000 more; "
      + "read everything.",
    notModelled: "options are set through files of tracefs",
    reaching: [.eventsOverwritten("stats: overrun before it")],
    [
      .kernel: .documented(
        "overrun does not change, dropped increases, and the first event read is the oldest before it"
      ) {
        seen in
        let overrun = try seen.number("stats: overrun before it")
        if try seen.number("stats: overrun after it") != overrun {
          return Answer("still overwrites", isExpected: false)
        }
        if try seen.number("stats: dropped after it") <= 0 { return Answer("drops no event", isExpected: false) }
        let isKept = try seen.number("first event read") == overrun
        return Answer(isKept ? "drops the newest events" : "loses the oldest too", expected: "drops the newest events")
      }
    ])

  static let recordingOff = Claim.recordingOff.answered([
    .kernel: .documented(
      "those of the pause: the first 100, then the last 100 are read",
      reaching: [.recordingOff { seen in try seen.number("writes that were refused while it is off") > 0 }],
      Claim.pausedEvents)
  ])
}

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
