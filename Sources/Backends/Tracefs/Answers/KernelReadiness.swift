import Glibc
import Platform
import Results
import Study
import SubbufferSource

extension KernelAnswers {
  static let pollinWhenFull = Claim.pollinWhenFull.answered(
    procedure:
      "In discard mode, fill one sub-buffer and poll for POLLIN; write twice what fits; poll for POLLIN, and for POLLIN "
      + "and POLLPRI; acquire.",
    [
      .kernel: .documented("yes, as with one full sub-buffer") { seen in
        try Answer(Claim.isReadyWhenFull(seen) ? "yes" : "no", expected: "yes")
      }
    ])

  static let noThread = "a model runs without a thread that could wait"

  static let blockingAcquire = Claim(
    "blocking-acquire", .readiness, title: "Does a blocking acquire obey buffer_percent?",
    question:
      "Does an acquire without O_NONBLOCK sleep until the ring buffer is filled to the share that buffer_percent asks "
      + "for, whether it begins on the empty ring buffer or with one event there?",
    source: "V. Donnefort, kernel/trace/trace.c, tracing_buffers_ioctl: ring_buffer_wait with tr->buffer_percent; for "
      + "read(2), Documentation/trace/ftrace.rst, buffer_percent: \"it will block until the given amount of data "
      + "specified by buffer_percent is in the ring buffer before it wakes the reader up\"",
    procedure:
      "For buffer_percent 0, 50 and 100: a thread calls the ioctl on the empty ring buffer, and on one with an event. "
      + "Write a quarter of a sub-buffer at a time, up to twice what fits, and wait up to 50 ms after each for the "
      + "thread to return. The thread sleeps if /proc/self/task/N/syscall names the ioctl.",
    notModelled: noThread,
    reaching: .nothing,
    [
      .kernel: .assumed(
        "as documented for read(2): it sleeps until then, within one sub-buffer (at 0 until the first event), and then "
          + "returns 0"
      ) { seen in
        let (one, all) = try (seen.number("events of a sub-buffer"), seen.number("events of all sub-buffers"))
        func isObeyed(_ beginning: String) throws -> Bool {
          try [Int64(0), 50, 100].allSatisfy { percent in
            let expected = max(1, all * percent / 100)
            // A text instead of a number: the call did not sleep, or did not return.
            return try seen.all("buffer_percent \(percent), \(beginning)").allSatisfy { text in
              Int64(text).map { abs($0 - expected) <= one } ?? false
            }
          }
        }
        switch (try isObeyed("empty at first"), try isObeyed("an event there")) {
        case (true, true): return Answer("yes", isExpected: true)
        case (false, true): return Answer("no, if begun when empty", isExpected: false)
        case (true, false): return Answer("no, if begun with an event", isExpected: false)
        case (false, false): return Answer("no", isExpected: false)
        }
      }
    ])

  static let pollThenAcquire = Claim(
    "poll-then-acquire", .readiness, title: "Does a blocking acquire return at once after poll?",
    question: "Does an acquire without O_NONBLOCK return at once when poll has reported ready?",
    source:
      "for select, poll and read S. Rostedt, commit 42fb0a1e84ff (\"Have polling block on watermark\"), 2022-10-20; "
      + "undocumented for the ioctl",
    procedure: "Set buffer_percent to 50; fill the ring buffer until poll reports ready; a thread calls the ioctl.",
    notModelled: noThread,
    reaching: [.eventsWritten()],
    [
      .kernel: .assumed("yes, it returns 0") { seen in
        if try seen["poll"] == "0" { return Answer("poll is never ready", isExpected: false) }
        let state = try seen["ioctl without O_NONBLOCK"]
        return Answer(state == "returned 0" ? "yes" : "no, it \(state)", expected: "yes")
      }
    ])

  static let requestZeroWakes = Claim(
    "request-zero-wakes", .readiness, title: "Does ioctl request 0 wake a waiting acquire?",
    question: "Does an ioctl with request 0 end a waiting acquire?",
    source:
      "S. Rostedt, kernel/trace/trace.c, tracing_buffers_ioctl: \"An ioctl call with cmd 0 to the ring buffer file "
      + "will wake up all waiters\"; commit 01b2a5217173 (\"Add ioctl() to force ring buffer waiters to wake up\"), "
      + "2022-09-29",
    procedure: "A thread calls the ioctl without O_NONBLOCK on the empty ring buffer and sleeps in it; ioctl(fd, 0).",
    notModelled: noThread,
    reaching: [.acquireWaited],
    [
      .kernel: .documented("it wakes up and returns without new events") { seen in
        let state = try seen["after ioctl(fd, 0)"]
        if state != "returned 0" { return Answer("no, it \(state)", isExpected: false) }
        let isSame = try seen["reader.id, reader.read before"] == seen["reader.id, reader.read after"]
        return Answer(isSame ? "yes" : "yes, with another sub-buffer", expected: "yes")
      }
    ])

  static let tracingOffWakes = Claim(
    "tracing-off-wakes", .readiness, title: "Does tracing_on 0 wake a waiting acquire?",
    question: "Does a waiting acquire return when recording is switched off?",
    source: "S. Rostedt, kernel/trace/trace.c, rb_simple_write (tracing_on): \"Wake up any waiters\"",
    procedure: "A thread calls the ioctl without O_NONBLOCK on the empty ring buffer and sleeps in it; write 0 to "
      + "tracing_on of the instance.",
    notModelled: noThread,
    reaching: [.acquireWaited],
    [
      .kernel: .documented("it wakes up and returns") { seen in
        let state = try seen["after tracing_on 0"]
        return Answer(state.hasPrefix("returned") ? "yes" : "no, it \(state)", expected: "yes")
      }
    ])

  static let readyAtPercent = Claim(
    "poll-obeys-buffer-percent", .readiness, title: "Does poll obey buffer_percent?",
    question: "Does poll report ready when the ring buffer is filled to the share that buffer_percent asks for?",
    source: "S. Rostedt, commit 42fb0a1e84ff (\"Have polling block on watermark\"), 2022-10-20; "
      + "Documentation/trace/ftrace.rst, buffer_percent: \"50  - means to wake up when roughly half of the ring buffer "
      + "sub-buffers are full\"",
    procedure: "For buffer_percent 0, 25, 50, 75 and 100: fill the ring buffer a quarter of a sub-buffer at a time, "
      + "and poll after each with a timeout of 0. An observed number of events is a multiple of this step: poll may "
      + "have become ready at any event of the last step, so that 0 % is not tested with a single event.",
    reaching: .nothing,
    [
      .kernel: .documented(
        "at 0 with any data, else at roughly that share of the sub-buffers; assumed: within one sub-buffer"
      ) { seen in
        let one = try seen.number("events of a sub-buffer")
        let step = max(1, one / 4)
        let firstWrong = try [Int64(0), 25, 50, 75, 100].first { percent in
          let text = try seen["buffer_percent \(percent): first ready, at events"]
          guard let ready = Int64(text) else { return true }
          let expected = try max(step, one &* seen.number("sub-buffers of the writer") &* percent / 100)
          return !(ready > 0 && ready <= expected + one && ready + one >= expected)
        }
        if let firstWrong { return Answer("no, not at \(firstWrong) %", isExpected: false) }
        return Answer("yes, within one sub-buffer", isExpected: true)
      }
    ])

  static let nothingThere = Claim.nothingThere.answered(
    procedure: "Acquire on the empty ring buffer; write 8 events and read them; acquire.",
    [
      .kernel: .documented(
        "0, and the meta page is unchanged",
        reaching: [.allRead { seen in try seen["all is read: meta page before"].contains("read 8,") }]
      ) { seen in
        let codes = try seen.codes(["empty: ioctl", "all is read: ioctl"])
        if codes != "0" { return Answer(codes, isExpected: false) }
        let isUnchanged =
          try seen["empty: meta page before"] == seen["empty: meta page after"]
          && seen["all is read: meta page before"] == seen["all is read: meta page after"]
        return Answer(isUnchanged ? "0, page unchanged" : "0, page changed", isExpected: isUnchanged)
      }
    ])

  static let pollWhenAllIsRead = Claim.pollWhenAllIsRead.answered(
    procedure: "With buffer_percent 0, poll when empty; fill two and a half sub-buffers, poll; read everything, poll.",
    [
      .kernel: .documented("not ready when empty, ready with data, not ready when everything is read") { seen in
        try Answer(Claim.pollOfRead(seen, ready: "1"), expected: "not ready")
      }
    ])

  static let nonBlockingIgnoresPercent = Claim(
    "nonblocking-ignores-percent", .readiness, title: "Is an O_NONBLOCK acquire subject to buffer_percent?",
    question: "Does an acquire with O_NONBLOCK hand out events while the ring buffer is filled less than "
      + "buffer_percent asks for, and poll is not ready?",
    source: "V. Donnefort, kernel/trace/trace.c, tracing_buffers_ioctl: ring_buffer_wait with buffer_percent only \"if "
      + "(!(file->f_flags & O_NONBLOCK))\"",
    procedure: "Set buffer_percent to 100; write 3 events; poll, acquire.",
    reaching: .nothing,
    [
      .kernel: .assumed("from the code: poll is not ready, and the acquire hands out all three events") { seen in
        if try seen["poll"] != "0" { return Answer("poll is ready below it", isExpected: false) }
        let code = try seen.code("ioctl")
        if code != "0" { return Answer("yes: \(code)", isExpected: false) }
        let events = try seen.number("events handed out")
        return Answer(events == 3 ? "no" : "yes, \(events) of 3 events", expected: "no")
      }
    ])
}

extension KernelStudy {
  /// Probes of the time at which a reader learns of data.
  var readinessProbes: [Probe] {
    [
      Probe(KernelAnswers.readyAtPercent) { (evidence) throws(SourceError) in
        let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
        evidence.add("sub-buffers of the writer", configuration.subbufferCount)
        for percent in [0, 25, 50, 75, 100] {
          try withProbeRing(configuration) { (ring) throws(SourceError) in
            if percent == 0 {
              evidence.add("events of a sub-buffer", ring.eventsPerSubbuffer())
              evidence.add("events written between two polls", pollStep(ring))
            }
            try ring.set(bufferPercent: percent)
            let ready = try fillUntilReady(ring)
            evidence.add("buffer_percent \(percent): first ready, at events", ready.map(String.init) ?? "never")
          }
        }
      },
      probe(KernelAnswers.nothingThere) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        evidence.addAcquireOfNothing("empty", mapping)
        try ring.write(8)
        _ = try mapping.readAll()
        evidence.addAcquireOfNothing("all is read", mapping)
      },
      probe(KernelAnswers.pollWhenAllIsRead) { (ring, evidence) throws(SourceError) in
        try ring.set(bufferPercent: 0)
        let mapping = try ring.map()
        evidence.add("empty: poll", try mapping.poll(0))
        let one = ring.eventsPerSubbuffer()
        try ring.write(2 * one + one / 2)
        evidence.add("with data: poll", try mapping.poll(0))
        evidence.add("events read", try mapping.readAll().reduce(0) { $0 + $1.sequences.count })
        evidence.add("all is read: poll", try mapping.poll(0))
      },
      probe(KernelAnswers.pollinWhenFull, mode: .discard) { (ring, evidence) throws(SourceError) in
        try ring.set(bufferPercent: 0)
        let mapping = try ring.map()
        func ready() throws(SourceError) -> String {
          try Int32(mapping.poll(0)) & POLLIN != 0 ? "POLLIN" : "0"
        }
        try ring.write(ring.eventsPerSubbuffer() + 1)
        evidence.add("one full: poll for POLLIN", try ready())
        try ring.write(2 * ring.eventsPerRing(), from: ring.eventsPerSubbuffer() + 1)
        evidence.add("full: poll for POLLIN", try ready())
        evidence.add("full: acquire", mapping.unsafeGetReader())
      },
      probe(KernelAnswers.nonBlockingIgnoresPercent) { (ring, evidence) throws(SourceError) in
        try ring.set(bufferPercent: 100)
        let mapping = try ring.map(nonBlocking: true)
        try ring.write(3)
        evidence.add("poll", try mapping.poll(0))
        evidence.add("ioctl", mapping.unsafeGetReader())
        evidence.add("events handed out", try mapping.look().sequences.count)
      },
    ]
  }

  /// The number of events between two polls: a quarter of a sub-buffer.
  private func pollStep(_ ring: Ring) -> UInt64 { max(1, ring.eventsPerSubbuffer() / 4) }

  /// Fills the ring buffer up to twice, a quarter of a sub-buffer at a time, and polls without waiting.
  /// - Returns: the number of events at which poll first said ready.
  private func fillUntilReady(_ ring: Ring) throws(SourceError) -> UInt64? {
    let mapping = try ring.map()
    let step = pollStep(ring)
    var written: UInt64 = 0
    while try mapping.poll(0) == 0 {
      if written >= 2 * ring.eventsPerRing() { return nil }
      try ring.write(step, from: written)
      written += step
    }
    return written
  }
}

extension Evidence {
  /// Writes down an acquire that finds nothing new.
  fileprivate mutating func addAcquireOfNothing(_ when: String, _ mapping: some KernelMapping) {
    add("\(when): meta page before", mapping.metaPage.allCounters)
    add("\(when): ioctl", mapping.unsafeGetReader())
    add("\(when): meta page after", mapping.metaPage.allCounters)
  }
}

extension TracefsStudy {
  /// Probes of waiting and of its end.
  var liveReadinessProbes: [Probe] {
    [
      Probe(KernelAnswers.blockingAcquire) { (evidence) throws(SourceError) in
        let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
        let one = try withProbeRing(configuration) { (ring) in ring.eventsPerSubbuffer() }
        evidence.add("events of a sub-buffer", one)
        evidence.add("events of all sub-buffers", one * UInt64(configuration.subbufferCount))
        for percent in [0, 50, 100] {
          for (start, already) in [("empty at first", UInt64(0)), ("an event there", 1)] {
            try withProbeRing(configuration) { (ring) throws(SourceError) in
              let returned = try eventsUntilReturn(ring, percent: percent, already: already)
              evidence.add("buffer_percent \(percent), \(start): events written when it returned", returned)
            }
          }
        }
      },
      probe(KernelAnswers.pollThenAcquire) { (ring, evidence) throws(SourceError) in
        try ring.set(bufferPercent: 50)
        let mapping = try ring.map(nonBlocking: false)
        var written: UInt64 = 0
        while try mapping.poll(0) == 0, written < 2 * ring.eventsPerRing() {
          written += try ring.write(ring.eventsPerSubbuffer() / 4, from: written).produced
        }
        evidence.add("events written", written)
        evidence.add("poll", try mapping.poll(0))
        try mapping.whileAcquiring { (acquire) in
          evidence.add("ioctl without O_NONBLOCK", acquire.state())
        }
      },
      probe(KernelAnswers.requestZeroWakes) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map(nonBlocking: false)
        let before = mapping.metaPage
        evidence.add("reader.id, reader.read before", "\(before.readerID), \(before.readerRead)")
        try mapping.whileAcquiring { (acquire) in
          evidence.add("ioctl without O_NONBLOCK", acquire.state())
          evidence.add("ioctl(fd, 0)", TracefsRequest.call(mapping.ring.descriptor.rawValue, 0))
          evidence.add("after ioctl(fd, 0)", acquire.state(within: 5_000))
        }
        let after = mapping.metaPage
        evidence.add("reader.id, reader.read after", "\(after.readerID), \(after.readerRead)")
      },
      probe(KernelAnswers.tracingOffWakes) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map(nonBlocking: false)
        try mapping.whileAcquiring { (acquire) throws(SourceError) in
          evidence.add("ioctl without O_NONBLOCK", acquire.state())
          try ring.instance.set("tracing_on", "0")
          evidence.add("after tracing_on 0", acquire.state(within: 5_000))
        }
      },
    ]
  }

  /// Writes until an acquire that waits has returned 0.
  /// - Parameter already: how many events are there when it begins.
  /// - Returns: how many events were written by then; in words where it did not sleep on the empty ring buffer, or did
  ///   not return.
  private func eventsUntilReturn(
    _ ring: TracefsRing, percent: Int, already: UInt64
  ) throws(SourceError) -> String {
    try ring.set(bufferPercent: percent)
    let mapping = try ring.map(nonBlocking: false)
    let step = max(1, ring.eventsPerSubbuffer() / 4)
    var written = already > 0 ? try ring.write(already).produced : 0
    var text = ""
    try mapping.whileAcquiring { (acquire) throws(SourceError) in
      let first = acquire.state()
      if already == 0, first != WaitingAcquire.asleep {
        text = "on the empty ring buffer: \(first)"
        return
      }
      while acquire.state(within: 50) == WaitingAcquire.asleep, written < 2 * ring.eventsPerRing() {
        written += try ring.write(step, from: written).produced
      }
      let last = acquire.state()
      text = last == "returned 0" ? String(written) : "\(last), with \(written) events written"
    }
    return text
  }
}

extension TracefsMapping {
  /// Has a thread acquire by the descriptor of this mapping, and waits for its end when `body` has returned.
  func whileAcquiring(_ body: (WaitingAcquire) throws(SourceError) -> Void) throws(SourceError) {
    let acquire = WaitingAcquire(descriptor: ring.descriptor.rawValue)
    defer { acquire.end() }
    try body(acquire)
  }
}
