import BackendList
import Results
import Study
import Testing

/// Judges on observations of both outcomes that were written by hand.
@Suite struct JudgeOutcomesTests {
  /// Claims of which no variation of stored observations gives the opposite: both outcomes are judged here.
  static let claims: Set = [
    "caught-up-with-uncommitted", "header-page-overwrite", "option-of-removed-instance", "persistent-buffer-mapped",
    "raw-marker-size",
  ]

  /// Judges observations, written as "name: value" lines.
  private func judged(_ id: String, _ abi: String, _ lines: String) throws -> ProbeResult {
    let claim = try #require(BackendList.claims.first { $0.id == id })
    let expectation = try #require(claim.expectation(of: [ABI(abi)]))
    let evidence = lines.split(separator: "\n").map { line in
      let colon = line.range(of: " = ") ?? line.endIndex..<line.endIndex
      return Observation(String(line[..<colon.lowerBound]), String(line[colon.upperBound...]))
    }
    return ProbeResult(
      judging: ProbeRecord(claim, expectation, backend: abi, ProbeObservations(evidence: evidence)), by: claim,
      abis: [ABI(abi)])
  }

  private func expect(
    _ id: String, _ answer: String?, _ outcome: ProbeResult.Outcome, _ lines: String, abi: String = "kernel",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try judged(id, abi, lines)
    #expect(result.answer == answer, "\(result.reason ?? "")", sourceLocation: sourceLocation)
    #expect(result.outcome == outcome, "\(result.reason ?? "")", sourceLocation: sourceLocation)
  }

  @Test func `bytes added to a raw marker contradict the source`() throws {
    let sizes = [20, 24, 40, 100, 200]
    func lines(_ surplus: (Int) -> Int) -> String {
      sizes.map { "\($0) bytes written: bytes of data = \($0 + surplus($0))" }.joined(separator: "\n")
    }
    try expect("raw-marker-size", "none", .asDocumented, lines { _ in 0 })
    try expect("raw-marker-size", "4", .contradicts, lines { _ in 4 })
    try expect("raw-marker-size", "differs by size", .contradicts, lines { $0 == 20 ? 4 : 0 })
  }

  @Test func `a length that does not grow with each byte is rounded`() throws {
    func lines(_ counts: [Int]) -> String {
      zip([200, 201, 202, 203], counts).map { "payload of \($0) bytes: bytes of data = \($1)" }.joined(separator: "\n")
    }
    try expect("event-length", "yes", .asDocumented, lines([216, 217, 218, 219]))
    try expect("event-length", "no, rounded up", .contradicts, lines([216, 220, 220, 220]))
    try expect("event-length", "no, rounded up", .contradicts, lines([216, 220, 220, 220]), abi: "lttng")
    try expect("event-length", nil, .undecided, lines([216, 212, 220, 220]))
  }

  @Test func `an event of unreadable memory contradicts the source`() throws {
    let readable = "\nreadable: write = 40\nreadable: events = 1"
    try expect(
      "marker-of-unreadable-memory", "-EFAULT, no event", .asDocumented,
      "unreadable: write = -14\nunreadable: events = 0" + readable)
    try expect(
      "marker-of-unreadable-memory", "-EFAULT, and an event", .contradicts,
      "unreadable: write = -14\nunreadable: events = 1" + readable)
    try expect(
      "marker-of-unreadable-memory", nil, .undecided,
      "unreadable: write = -14\nunreadable: events = 0\nreadable: events = 0")
  }

  @Test func `a payload that does not arrive from an absent page contradicts the source`() throws {
    let present = "\npresent: payload = as written"
    try expect(
      "marker-of-absent-page", "yes", .asDocumented, "absent: write = 40\nabsent: payload = as written" + present)
    try expect(
      "marker-of-absent-page", "no: -EFAULT", .contradicts,
      "absent: write = -14\nabsent: payload = other bytes" + present)
    try expect(
      "marker-of-absent-page", nil, .undecided,
      "absent: write = 40\nabsent: payload = as written\npresent: payload = none")
  }

  @Test func `the last words are zero or count sub-buffers`() throws {
    func lines(_ first: Int, _ second: Int) -> String {
      "sub-buffers overwritten = 16\nsub-buffers entered = 23\nword at 64 = \(first)\nword at 72 = \(second)"
    }
    try expect("last-words-of-the-meta-page", "0", .asDocumented, lines(0, 0))
    try expect("last-words-of-the-meta-page", "pages lost and touched", .asDocumented, lines(16, 23))
    try expect("last-words-of-the-meta-page", "other numbers", .contradicts, lines(23, 16))
    try expect(
      "last-words-of-the-meta-page", nil, .undecided, lines(0, 0).replacing("overwritten = 16", with: "overwritten = 0")
    )
  }

  @Test func `the type of overwrite is char of one byte`() throws {
    try expect("header-page-overwrite", "char, 1 byte", .asDocumented, "type = char\nsize = 1\nparser = works")
    try expect("header-page-overwrite", "int, 1 byte", .contradicts, "type = int\nsize = 1\nparser = works")
    try expect("header-page-overwrite", nil, .undecided, "type = int\nsize = 1\nparser = refused: no field")
  }

  @Test func `the request that hands out events acquires`() throws {
    func lines(_ old: Int, _ new: Int) -> String {
      "_IO('T', 1): events handed out = \(old)\n_IO('R', 0x20): events handed out = \(new)"
    }
    try expect("acquire-request", "_IO('R', 0x20)", .asDocumented, lines(0, 8))
    try expect("acquire-request", "_IO('T', 1)", .contradicts, lines(8, 0))
    try expect("acquire-request", "none", .contradicts, lines(0, 0))
    try expect(
      "acquire-request", "none", .contradicts, "_IO(0xF6, 0x05): events handed out = 0", abi: "lttng-modules")
  }

  private static let runs = "\nkernel at the end = runs"
  private static let panics = "\nkernel at the end = ended: BUG: kernel NULL pointer dereference"

  @Test func `a partial munmap is refused, or ends the mapping`() throws {
    func lines(_ munmap: String, _ ioctl: String, _ anew: String = "0") -> String {
      "munmap of the last sub-buffer = \(munmap)\nioctl then = \(ioctl)\nmapped anew: ioctl = \(anew)"
    }
    try expect(
      "unmap-in-part", "-EINVAL, acquire returns 0", .asDocumented, lines("-EINVAL (-22)", "0") + Self.runs)
    try expect(
      "unmap-in-part", "accepted, acquire returns -ENODEV", .contradicts, lines("0", "-ENODEV (-19)") + Self.runs)
    try expect("unmap-in-part", nil, .undecided, lines("0", "-ENODEV (-19)", "-ENODEV (-19)") + Self.runs)
    try expect(
      "unmap-in-part", "the kernel panics or hangs", .contradicts, lines("0", "-ENODEV (-19)") + Self.panics)
    try expect("unmap-in-part", nil, .undecided, lines("-EINVAL (-22)", "0"))
  }

  @Test func `a mapping survives a child and excludes snapshots, or the child does not inherit it`() throws {
    func lines(_ ioctl: String, _ snapshot: String, load: String = "0") -> String {
      "madvise(MADV_DOFORK) = 0\nload in the child = \(load)\nioctl then = \(ioctl)\n"
        + "trigger snapshot then = \(snapshot)\nmapped anew: ioctl = 0" + Self.runs
    }
    try expect("mapping-after-dofork", "yes", .asDocumented, lines("0", "-EBUSY (-16)"))
    try expect("mapping-after-dofork", "yes, but allows snapshots", .contradicts, lines("0", "0"))
    try expect("mapping-after-dofork", "no: -ENODEV", .contradicts, lines("-ENODEV (-19)", "0"))
    try expect("mapping-after-dofork", nil, .undecided, lines("0", "0", load: "signal 11"))
    try expect(
      "mapping-after-dofork", "MADV_DOFORK refused: -EINVAL", .asDocumented, "madvise(MADV_DOFORK) = -EINVAL (-22)")
  }

  @Test func `a persistent ring buffer is mapped with its events`() throws {
    try expect("persistent-buffer-mapped", "yes", .asDocumented, "instance = there\nmmap = 0\nevents = 8")
    try expect("persistent-buffer-mapped", "yes, other events", .contradicts, "instance = there\nmmap = 0\nevents = 0")
    try expect("persistent-buffer-mapped", "no: -ENODEV", .contradicts, "instance = there\nmmap = -ENODEV (-19)")
    try expect("persistent-buffer-mapped", nil, .undecided, "instance = missing")
  }

  @Test func `a read after a change of the sub-buffer size returns the rest of the old one or nothing`() throws {
    func lines(_ read: String, _ change: String = "0") -> String {
      "unchanged: first read = 1000\nunchanged: second read = 3096\nchanged: first read = 1000\n"
        + "8 > buffer_subbuf_size_kb = \(change)\nchanged: second read = \(read)" + Self.runs
    }
    try expect("read-across-size-change", "the rest of the old", .asAssumed, lines("3096"))
    try expect("read-across-size-change", "none: -EAGAIN", .asAssumed, lines("-EAGAIN (-11)"))
    try expect("read-across-size-change", "7192, more than the rest", .notAsAssumed, lines("7192"))
    try expect("read-across-size-change", nil, .undecided, lines("3096", "-EBUSY (-16)"))
  }

  @Test func `an instance with an open option cannot be removed`() throws {
    try expect("option-of-removed-instance", "rmdir returns -EBUSY", .asDocumented, "rmdir = -EBUSY (-16)" + Self.runs)
    try expect(
      "option-of-removed-instance", "writer killed, tracefs hangs", .contradicts,
      "rmdir = 0\nwrite = the writer was killed\ntracefs then = does not answer: refused: ETIMEDOUT" + Self.runs)
    try expect(
      "option-of-removed-instance", "write returns -ENODEV", .contradicts,
      "rmdir = 0\nwrite = -ENODEV (-19)" + Self.runs)
    try expect("option-of-removed-instance", "the kernel panics or hangs", .contradicts, "rmdir = 0" + Self.panics)
  }

  @Test func `events dropped next to an uncommitted one are counted by the mapping, by stats or by nobody`() throws {
    func lines(flags: Int, overrun: Int, stats: Int) -> String {
      "events written inside = 400\nof them delivered = 8\nsub-buffers with bit 31 of commit = \(flags)\n"
        + "meta.overrun = \(overrun)\nstats: commit overrun = \(stats)"
    }
    let id = "overwrite-beside-uncommitted"
    try expect(id, "dropped, counted by stats alone", .asAssumed, lines(flags: 0, overrun: 0, stats: 392))
    try expect(id, "dropped, counted exactly", .notAsAssumed, lines(flags: 1, overrun: 392, stats: 392))
    try expect(id, "dropped, marked by a flag", .notAsAssumed, lines(flags: 1, overrun: 0, stats: 392))
    try expect(id, "dropped, not counted", .notAsAssumed, lines(flags: 0, overrun: 0, stats: 0))
    try expect(id, nil, .undecided, "events written inside = 8\nof them delivered = 8")
  }

  @Test func `a loss before an uncommitted event is in the header, elsewhere or nowhere`() throws {
    func lines(header: String = "none", lostEvents: Int = 0, later: Int = 0, overrun: Int = 0) -> String {
      "events missing before = 1445\ntold by the header = \(header)\nreader.lost_events = \(lostEvents)\n"
        + "told by later headers = \(later)\nmeta.overrun = \(overrun)"
    }
    let id = "loss-before-an-uncommitted-event"
    try expect(id, "in the header", .asDocumented, lines(header: "1445 events", overrun: 1445))
    try expect(id, "in meta.overrun alone", .contradicts, lines(overrun: 1445))
    try expect(id, "in a later header", .contradicts, lines(later: 1, overrun: 1445))
    try expect(id, "nowhere", .contradicts, lines())
    try expect(id, "in reader.lost_events", .asAssumed, lines(lostEvents: 1445, overrun: 1445), abi: "kernel v11")
    try expect(id, nil, .undecided, "ring buffers until the reader was in time = 8")
  }

  @Test func `an acquire that caught up with an uncommitted event has nothing new, and the kernel may warn`() throws {
    func lines(_ taint: (String, String)? = nil, unread: Int = 3) -> String {
      "entries - overrun - read = \(unread)\nother events in it after the commit = 4"
        + (taint.map { "\nkernel's taint before = \($0.0)\nkernel's taint after = \($0.1)" } ?? "")
    }
    let id = "caught-up-with-uncommitted"
    try expect(id, "nothing new", .asDocumented, lines())
    try expect(id, "nothing new", .asDocumented, lines(("4096 (O)", "4096 (O)")))
    try expect(id, "nothing new, and a warning", .contradicts, lines(("0", "512 (W)")))
    try expect(id, "nothing new, and a warning", .contradicts, lines(("4096 (O)", "4608 (W, O)")))
    try expect(id, nil, .undecided, lines(("512 (W)", "512 (W)")))
    try expect(id, nil, .undecided, lines(("unreadable", "unreadable")))
    try expect(id, nil, .undecided, lines(unread: 0))
    try expect(id, nil, .undecided, "ring buffers until the reader was in time = 8")
  }

  @Test func `a put beside a partial sub-buffer has no effect, loses events or ends the writer`() throws {
    let mode = { (mode: String, writer: String, delivered: String, produced: Int) in
      "\(mode): produced position = \(produced)\n\(mode): size of a sub-buffer = 4096\n\(mode): put_next_subbuf = 0\n"
        + "\(mode): the writer = \(writer)\n\(mode): events produced = 320\n\(mode): events delivered = \(delivered)\n"
    }
    func lines(
      _ overwrite: (writer: String, delivered: String), _ discard: (writer: String, delivered: String),
      _ produced: Int = 349
    ) -> String {
      mode("overwrite", overwrite.writer, overwrite.delivered, produced)
        + mode("discard", discard.writer, discard.delivered, produced)
    }
    let id = "release-on-partial"
    try expect(id, "no effect", .asAssumed, lines(("runs", "320"), ("runs", "320")), abi: "lttng")
    try expect(id, "all later events are lost", .notAsAssumed, lines(("runs", "0"), ("runs", "0")), abi: "lttng")
    try expect(
      id, "overwrite: invalid memory; discard: kills writer", .notAsAssumed,
      lines(("runs", "malformed sub-buffer at offset 0: magic is 0x0"), ("it was ended by signal 6", "0")), abi: "lttng"
    )
    try expect(
      id, "disables the channel (-EIO)", .notAsAssumed,
      lines(("runs", "0"), ("runs", "0")) + "overwrite: any call afterwards = -EIO (-5)", abi: "lttng")
    try expect(id, nil, .undecided, lines(("runs", "320"), ("runs", "320"), 4096), abi: "lttng")
  }

  @Test func `a complete packet keeps its count while it is held and while it is unread`() throws {
    func lines(held: Int, unread: Int, events: Int = 125) -> String {
      "events of the held packet = \(events)\nevents_discarded of the held packet = 0\n"
        + "the same after more losses = \(held)\ncomplete, unread packets with another count than 0 = \(unread)\n"
        + "events_discarded of the last packet = 3000"
    }
    let id = "count-of-a-complete-packet"
    try expect(id, "no", .asDocumented, lines(held: 0, unread: 0), abi: "lttng")
    try expect(id, "yes, if held", .contradicts, lines(held: 1000, unread: 0), abi: "lttng")
    try expect(id, "yes, if unread", .contradicts, lines(held: 0, unread: 6), abi: "lttng")
    try expect(id, "yes", .contradicts, lines(held: 1000, unread: 6), abi: "lttng")
    try expect(id, nil, .undecided, lines(held: 0, unread: 0, events: 0), abi: "lttng")
  }

  @Test func `a snapshot loses the oldest packet to one more event, or nothing, or others`() throws {
    func lines(unflushed: Int = 0, flushed: Int, first: String, gaps: Int = 0, snapshot: String = "0") -> String {
      "unflushed: snapshot = \(snapshot)\nunflushed: positions refused = \(unflushed)\nunflushed: gaps between the events = 0\n"
        + "flushed: snapshot = 0\nflushed: positions refused = \(flushed)\nflushed: first position = \(first)\n"
        + "flushed: gaps between the events = \(gaps)"
    }
    let id = "snapshot-while-written"
    let again = "-EAGAIN (-11)"
    try expect(id, "the oldest packet: -EAGAIN", .asDocumented, lines(flushed: 1, first: again), abi: "lttng-ust")
    try expect(id, "the oldest packet: -EAGAIN", .asAssumed, lines(flushed: 1, first: again), abi: "lttng-modules")
    try expect(id, "nothing", .contradicts, lines(flushed: 0, first: "0"), abi: "lttng-ust")
    try expect(id, "another packet", .contradicts, lines(flushed: 1, first: "0"), abi: "lttng-ust")
    try expect(id, "more than the oldest packet", .contradicts, lines(flushed: 2, first: again), abi: "lttng-ust")
    try expect(id, "other events", .contradicts, lines(flushed: 1, first: again, gaps: 1), abi: "lttng-ust")
    try expect(
      id, "a packet, even without a flush", .contradicts, lines(unflushed: 1, flushed: 1, first: again),
      abi: "lttng-ust")
    try expect(id, nil, .undecided, lines(flushed: 1, first: again, snapshot: again), abi: "lttng-ust")
  }

  @Test func `the first packet of a ring buffer without events begins at its creation or at the flush`() throws {
    func lines(_ get: String, events: Int = 0, _ begin: Int = 5, _ end: Int = 9) -> String {
      "flush_buffer = 0\nflushed: get_next_subbuf = \(get)\nevents of that packet = \(events)\n"
        + "beginning of that packet = \(begin)\nend of that packet = \(end)"
    }
    let id = "final-flush-of-new-ring-buffer"
    try expect(id, "yes, since its creation", .asDocumented, lines("0"), abi: "lttng")
    try expect(id, "yes, since the flush", .contradicts, lines("0", 9, 9), abi: "lttng")
    try expect(id, "a packet with events", .contradicts, lines("0", events: 1), abi: "lttng")
    try expect(id, "no packet", .contradicts, lines("-EAGAIN (-11)"), abi: "lttng")
  }

  private static let ids = "a91a017f-3106-d20b-d874-2954a194c411, stream 7, instance 1"

  @Test func `packets without events have the ids of the stream`() throws {
    func lines(new: String = Self.ids, emptied: String = Self.ids, events: Int = 0) -> String {
      "ids of the stream = stream 7, instance 1\nnew: get_next_subbuf = 0\nnew: ids = \(new)\nnew: events = \(events)\n"
        + "with events: get_next_subbuf = 0\nwith events: ids = \(Self.ids)\nwith events: events = 8\n"
        + "emptied: get_next_subbuf = 0\nemptied: ids = \(emptied)\nemptied: events = 0"
    }
    let id = "ids-of-empty-packets"
    try expect(id, "yes", .asDocumented, lines(), abi: "lttng")
    try expect(
      id, "no: the UUID is 0", .contradicts, lines(new: "00000000-0000-0000-0000-000000000000, stream 7, instance 1"),
      abi: "lttng")
    try expect(
      id, "no: another UUID", .contradicts, lines(emptied: "b" + Self.ids.dropFirst()), abi: "lttng")
    try expect(
      id, "no: another stream", .contradicts, lines(new: Self.ids.replacing("stream 7", with: "stream 0")), abi: "lttng"
    )
    try expect(id, nil, .undecided, lines(events: 3), abi: "lttng")
  }

  @Test func `a populated packet has the ids, the number and the count of the stream`() throws {
    func identity(_ populated: String, _ answer: String?, _ outcome: ProbeResult.Outcome, isPopulated: Bool = true)
      throws
    {
      for abi in ["lttng-ust 2.14", "lttng-modules 2.14"] {
        try expect(
          "ids-of-populated-packet", answer, outcome,
          "ids of the stream = stream 7, instance 1\nwith events: get_next_subbuf = 0\nwith events: ids = \(Self.ids)\n"
            + "populated = \(isPopulated ? "yes" : "no")\npopulated: ids = \(populated)", abi: abi)
      }
    }
    try identity(Self.ids, "yes", .asDocumented)
    try identity("00000000-0000-0000-0000-000000000000, stream 7, instance 1", "no: the UUID is 0", .contradicts)
    try identity(
      Self.ids.replacing("instance 1", with: "instance 18446744073709551615"), "no: another stream", .contradicts)
    try identity(Self.ids, nil, .undecided, isPopulated: false)

    func number(_ first: Int, _ later: Int, _ answer: String?, _ outcome: ProbeResult.Outcome, packets: Int = 20) throws
    {
      try expect(
        "number-of-populated-packet", answer, outcome,
        "populated = yes\npackets = \(packets)\nsub-buffers = 8\nnot the next number, first lap = \(first)\n"
          + "not the next number, later = \(later)", abi: "lttng-ust 2.14")
    }
    try number(0, 0, "the next one", .asDocumented)
    try number(0, 11, "in later laps another one", .contradicts)
    try number(8, 12, "another one", .contradicts)
    try number(0, 0, nil, .undecided, packets: 8)

    func count(_ count: Int, _ answer: String?, _ outcome: ProbeResult.Outcome, last: Int = 1_000) throws {
      try expect(
        "count-of-populated-packet", answer, outcome,
        "events_discarded of the last packet = \(last)\npopulated = yes\n"
          + "events_discarded of the populated packet = \(count)", abi: "lttng-modules 2.14")
    }
    try count(1_000, "exact", .asDocumented)
    try count(0, "reports 0 (wrong)", .contradicts)
    try count(0, nil, .undecided, last: 0)
  }

  @Test func `a flush of a new ring buffer ends a packet in it or populates one, and not both`() throws {
    func expect(_ answer: String, _ outcome: ProbeResult.Outcome, _ populated: String, _ get: String) throws {
      try self.expect(
        "populate-of-new-ring-buffer", answer, outcome, "populated = \(populated)\nget_next_subbuf = \(get)",
        abi: "lttng-ust 2.14")
    }
    try expect("a packet in the ring buffer", .asDocumented, "no", "0")
    try expect("a packet outside of it", .asDocumented, "yes", "-EAGAIN (-11)")
    try expect("both", .contradicts, "yes", "0")
    try expect("neither", .contradicts, "no", "-EAGAIN (-11)")
  }

  @Test func `a packet that is completed late has the count of its end or a later one`() throws {
    func lines(late: Int, last: Int, get: String = "-EAGAIN (-11)") -> String {
      "events written while one is not committed = 2000\nget_next_subbuf then = \(get)\n"
        + "events_discarded of the late packet = \(late)\nevents_discarded of the last packet = \(last)"
    }
    let id = "count-of-a-late-packet"
    try expect(id, "that of its end", .asDocumented, lines(late: 0, last: 1_005), abi: "lttng")
    try expect(id, "that of its completion", .contradicts, lines(late: 1_005, last: 1_005), abi: "lttng")
    try expect(id, "another count", .contradicts, lines(late: 459, last: 1_005), abi: "lttng")
    try expect(id, nil, .undecided, lines(late: 0, last: 0), abi: "lttng")
    try expect(id, nil, .undecided, lines(late: 0, last: 1_005, get: "0"), abi: "lttng")
  }

  @Test func `a stop that blocks the reader after the commit contradicts the source`() throws {
    func lines(owned: Int = 0, before: Int = 26, after: Int = 0, delivered: Int = 0) -> String {
      "blocking stops, before the reservation = \(owned)\nstops, before the commit = 26\n"
        + "blocking stops, before the commit = \(before)\nstops, after the commit = 22\n"
        + "blocking stops, after the commit = \(after)\nblocking stops, after the delivery = \(delivered)"
    }
    let id = "stops-that-block-the-reader"
    try expect(id, "between reserve and commit", .asDocumented, lines(), abi: "lttng-ust")
    try expect(id, "from reserve to delivery", .contradicts, lines(after: 18), abi: "lttng-ust")
    try expect(id, "at some, until the delivery", .contradicts, lines(before: 8, after: 18), abi: "lttng-ust")
    try expect(id, "even after the delivery", .contradicts, lines(after: 18, delivered: 1), abi: "lttng-ust")
    try expect(id, "some between reserve and commit", .contradicts, lines(before: 8), abi: "lttng-ust")
    try expect(id, "none", .contradicts, lines(before: 0), abi: "lttng-ust")
    try expect(id, "from ownership to delivery", .contradicts, lines(owned: 4, after: 18), abi: "lttng-ust")
    try expect(id, "from ownership to delivery", .asDocumented, lines(owned: 4, after: 18), abi: "lttng-ust 2.15")
    try expect(id, "from reserve to delivery", .contradicts, lines(after: 18), abi: "lttng-ust 2.15")
    try expect(id, "before the reservation", .contradicts, lines(owned: 4, before: 8), abi: "lttng-ust 2.15")
    try expect(id, nil, .undecided, "stops, before the commit = 26\nstops, after the commit = 0", abi: "lttng-ust")
  }

  @Test func `events lost with a killed writer are counted or not`() throws {
    func lines(lost: Int, reported: Int, kills: Int = 20) -> String {
      "kills after which committed events are lost = \(kills)\nmost committed events lost = \(lost)\n"
        + "most events reported after these = \(reported)"
    }
    let id = "killed-at-each-stop"
    try expect(id, "exact", .asAssumed, lines(lost: 122, reported: 122), abi: "lttng-ust")
    try expect(id, "reports 0 (wrong)", .notAsAssumed, lines(lost: 122, reported: 0), abi: "lttng-ust")
    try expect(id, nil, .undecided, lines(lost: 0, reported: 0, kills: 0), abi: "lttng-ust")
  }

  @Test func `events of others are read after the commit, or after the release`() throws {
    func lines(before: Int = 35, after: Int = 0, released: Int = 0) -> String {
      "stops, before the commit = 35\nstops that others do not pass, before the commit = \(before)\n"
        + "stops, after the commit = 8\nstops that others do not pass, after the commit = \(after)\n"
        + "stops that others do not pass, after the release = \(released)"
    }
    let id = "others-at-each-stop"
    try expect(id, "no, until the commit", .asDocumented, lines(), abi: "lttng-ust")
    try expect(id, "no, until the release", .contradicts, lines(after: 8), abi: "lttng-ust")
    try expect(id, "at some stops", .contradicts, lines(before: 3), abi: "lttng-ust")
    try expect(id, "yes", .contradicts, lines(before: 0), abi: "lttng-ust")
    try expect(id, "no, until the release", .asDocumented, lines(after: 8), abi: "lttng-ust 2.15")
    try expect(id, "no, until the commit", .contradicts, lines(), abi: "lttng-ust 2.15")
    try expect(id, "no, not even afterwards", .contradicts, lines(after: 8, released: 1), abi: "lttng-ust 2.15")
  }

  @Test func `events dropped while there is room contradict the source`() throws {
    func lines(_ most: Int, stops: Int = 59) -> String {
      "stops = \(stops)\nstops at which the other drops events = 2\nevents of the other = 125\nmost events dropped = \(most)"
    }
    let id = "drops-at-each-stop"
    try expect(id, "none", .asDocumented, lines(0), abi: "lttng-ust")
    try expect(id, "nearly all, at some stops", .contradicts, lines(122), abi: "lttng-ust")
    try expect(id, "some, at some stops", .contradicts, lines(3), abi: "lttng-ust")
    try expect(id, nil, .undecided, lines(0, stops: 0), abi: "lttng-ust")
  }

  @Test func `an event that is neither read once nor counted contradicts the source`() throws {
    func lines(wrong: Int, losing: Int = 35) -> String {
      "stops = 35\nstops after which events were lost = \(losing)\nstops with a wrong account = \(wrong)"
    }
    let id = "resumed-at-each-stop"
    try expect(id, "yes", .asDocumented, lines(wrong: 0), abi: "lttng-ust")
    try expect(id, "not at every stop", .contradicts, lines(wrong: 1), abi: "lttng-ust")
    try expect(id, "no", .contradicts, lines(wrong: 35), abi: "lttng-ust")
    try expect(id, nil, .undecided, lines(wrong: 0, losing: 0), abi: "lttng-ust")
  }

  @Test func `sub-buffers after a stopped writer's are read by their positions`() throws {
    func lines(_ later: Int, _ read: Int) -> String {
      "full sub-buffers after the refused ones = \(later)\nof these got by get_subbuf = \(read)"
    }
    let id = "read-past-a-stopped-writer"
    try expect(id, "yes", .asAssumed, lines(124, 124), abi: "lttng-ust")
    try expect(id, "not all", .notAsAssumed, lines(124, 3), abi: "lttng-ust")
    try expect(id, "no", .notAsAssumed, lines(124, 0), abi: "lttng-ust")
    try expect(id, nil, .undecided, lines(0, 0), abi: "lttng-ust")
  }

  @Test func `a killed writer's sub-buffers are recovered at every point or not`() throws {
    func lines(lost: Int = 0, blocked: Int = 0, kills: Int = 43) -> String {
      "kills = \(kills)\nkills after which committed events are lost = \(lost)\n"
        + "kills after which others do not go on = \(blocked)"
    }
    let id = "fixed-up-at-each-stop"
    try expect(id, "at every point", .asDocumented, lines(), abi: "lttng-ust 2.15")
    try expect(id, "not at every point", .contradicts, lines(blocked: 1), abi: "lttng-ust 2.15")
    try expect(id, "not at every point", .contradicts, lines(lost: 2), abi: "lttng-ust 2.15")
    try expect(id, "at none", .contradicts, lines(lost: 43), abi: "lttng-ust 2.15")
    try expect(id, nil, .undecided, lines(kills: 0), abi: "lttng-ust 2.15")
  }
}
