import Results
import Study
import SubbufferSource
import TestResults

/// Made-up results with the values of real ones, and with values that can break tables, code spans, numbers and plots.
enum Fixture {
  static var results: StudyResults {
    var results = withoutKernelLog
    addKernelLog(to: &results)
    return results
  }

  private static var withoutKernelLog: StudyResults {
    let records = StudyRecords(
      run: RunDescription(
        toolVersion: "0.1.0", command: ["abi-compare", "run", "--seed", "42", "--output", "it's a | dir"],
        profile: "quick", seed: .max, startedAt: "2025-01-02T03:04:05Z", seconds: 1234.56),
      environment: RunEnvironment(facts: [
        Observation("kernel", "6.12.0-test #1 SMP PREEMPT_DYNAMIC"),
        Observation("clock source", "tsc"),
        Observation("a | b `c` $d_ <e> *f*", "pipe | tick ` two `` back\\| slash\nsecond line"),
        Observation("empty", ""),
        Observation("control", "bell \u{7} escape \u{1B}[31m override \u{202E}"),
      ]),
      backends: backends, operations: operations, probes: [], latency: latency + growth, getters: getters,
      measurement: measurement, deliveryLatency: deliveryLatency, throughput: throughput, memory: memory,
      writerOverhead: writerOverhead, losses: [], lossScenariosLeftOut: ["left-out", "slow | er"],
      sharedLoads: sharedLoads, crossChecks: crossChecks, accessCounts: accessCounts, clauses: clauses,
      modelChecks: modelChecks)
    return StudyResults(records, probes: probes, losses: losses)
  }

  /// The judges of the fixture: each record has the outcome that its row states.
  static let judges = ProbeJudges { record, _ in
    let row = probes.first { $0.id == record.id && $0.backend == record.backend }
    return ProbeResult(record, outcome: row?.outcome ?? .undecided, answer: row?.answer, reason: row?.reason)
  }

  static var empty: StudyResults {
    let records = StudyRecords(
      run: RunDescription(toolVersion: "", command: [], profile: "", seed: 0, startedAt: "", seconds: 0),
      environment: RunEnvironment(facts: []), backends: [], operations: [], probes: [], latency: [], losses: [],
      clauses: [],
      modelChecks: [])
    return StudyResults(records, probes: [], losses: [])
  }

  static let backends = [
    BackendResult(
      name: "merged", title: "The kernel's mapping as merged", isLive: false, modelOf: "tracefs", abis: ["kernel"],
      status: .ran),
    BackendResult(
      name: "tracefs", title: "Linux tracefs, memory-mapped ring buffer", isLive: true, abis: ["kernel"], status: .ran,
      version: "Linux 6.12.0-test",
      facts: [Observation("meta.meta_struct_len", 96), Observation("subbuf_size", 4096)],
      capabilities: ["partial visibility"]),
    BackendResult(
      name: "lttng-ust", title: "LTTng-UST, shared-memory ring buffer", isLive: true, abis: ["lttng"], status: .ran,
      facts: [Observation("version", "2.13.5")], capabilities: ["positions", "snapshots"],
      lossRecipes: [
        LossRecipe(mode: .overwrite, withEachHandover: ["the gap | <b>", "else none"], inTotal: ["their sum"])
      ]),
    BackendResult(
      name: "lttng-modules", title: "LTTng kernel modules", isLive: true, status: .skipped,
      reason: "open /proc/lttng: No such file or directory (errno 2)",
      remedy: "apt-get install lttng-modules-dkms\nmodprobe lttng-tracer # ```"),
    BackendResult(
      name: "model|v11", title: "The kernel's mapping as posted in v11 [RFC] <x>", isLive: false, modelOf: "tracefs",
      abis: ["kernel v11", "kernel"], status: .failed, reason: "ioctl: -EINVAL"),
    BackendResult(
      name: "lttng-model", title: "LTTng's ring buffer", isLive: false, modelOf: "lttng-modules", abis: ["lttng"],
      status: .ran),
  ]

  static let operations = [
    OperationRecord(backend: "tracefs", step: .open, call: "open(per_cpu/cpu0/trace_pipe_raw, O_RDONLY)", result: "3"),
    OperationRecord(
      backend: "tracefs", step: .write, call: "write(trace_marker; #raw%%) <once> \"each\"", result: "16 events"),
    OperationRecord(
      backend: "tracefs", step: .acquire, call: "ioctl(fd, TRACE_MMAP_IOCTL_GET_READER)", result: "0",
      effects: [Observation("meta.reader.id", "0 → 1"), Observation("meta.entries", "100 → 100")]),
    OperationRecord(
      backend: "tracefs", step: .acquireAgain, call: "ioctl(fd, TRACE_MMAP_IOCTL_GET_READER)", result: "0"),
    OperationRecord(backend: "lttng-ust", step: .open, call: "ustctl_create_stream(channel, 0)", result: "stream"),
    OperationRecord(
      backend: "lttng-ust", step: .acquire, call: "ustctl_get_next_subbuf(stream)", result: "0",
      effects: [Observation("consumed|position", "4096")]),
    OperationRecord(backend: "lttng-ust", step: .release, call: "ustctl_put_next_subbuf(stream)", result: "0"),
    OperationRecord(backend: "lttng-ust", step: .flush, call: "ustctl_flush_buffer(stream, 1)", result: "0"),
    OperationRecord(backend: "lttng-ust", step: .flush, call: "ustctl_flush_buffer(stream, 0)", result: "0"),
    OperationRecord(backend: "model|v11", step: .open, call: "a | b", result: ""),
  ]

  static let probes =
    claim(
      "lost-events-in-meta-page", .headers, "reader.lost_events counts the events lost before the sub-buffer",
      source: "Rostedt, 2024-01-11, https://lore.kernel.org/all/20240111_x@y/, on `struct trace_buffer_meta`",
      [
        Row(
          "tracefs", .documented, .contradicts, "lost_events is the number lost | never stale",
          evidence: (1...13).map { Observation("meta.reader.lost_events after read \($0)", 100 * $0) }),
        Row("lttng-ust", .none, .doesNotApply, "none: the claim is about the meta page", reason: "no meta page"),
        Row(
          "lttng-model", .none, .doesNotApply, "none: the claim is about the meta page", reason: "no meta page"),
        Row("merged", .documented, .asDocumented, "lost_events is the number lost | never stale"),
        Row(
          "model|v11", .documented, .contradicts, "lost_events is 0\n<always>", evidence: [Observation("seen", "1 # 2")]
        ),
      ])
    + claim(
      "held-sub-buffer-intact", .handOver, "What is held & stays intact", source: "ring-buffer-design.rst",
      [
        Row("tracefs", .otherABI, .asAssumed, "same bytes", evidence: [Observation("checksum", "1f → 1f")]),
        Row("merged", .otherABI, .asAssumed, "same bytes", evidence: [Observation("checksum", "2e → 2e")]),
        Row("model|v11", .otherABI, .asAssumed, "the same <b>bytes</b>"),
        Row(
          "lttng-ust", .assumed, .undecided, "same bytes", reason: "the writer did not wrap:\n3 of 4 sub-buffers",
          evidence: [Observation("checksum", "")]),
      ])
    + claim(
      "only-on-one", .handOver, "A question asked of one?", source: "lttng/ust-ctl.h",
      [Row("lttng-ust", .assumed, .notAsAssumed, "-EBUSY")])
    + claim(
      "crashes", .misuse, "A put without a get is refused", source: "lttng/ust-ctl.h",
      [
        Row(
          "lttng-ust", .documented, .undecided, "-EPERM", reason: "its process was ended by signal 11",
          failure: "its process was ended by signal 11", evidence: [Observation("before the put", "positions 0, 0")]),
        Row("tracefs", .documented, .asDocumented, "-EPERM"),
        Row("merged", .documented, .notTested, "-EPERM", reason: "a model has no process"),
        Row("model|v11", .otherABI, .notAsAssumed, "-EPERM"),
      ])

  /// The outcome of a claim on one back end.
  struct Row {
    var backend: String
    var basis: ProbeRecord.Basis
    var outcome: ProbeResult.Outcome
    var expectation: String
    var reason: String?
    var failure: String?
    var evidence: [Observation]
    /// The answer of a judge: equal for the same outcome on two back ends.
    var answer: String? {
      switch outcome {
      case .asDocumented, .asAssumed: "yes"
      case .contradicts, .notAsAssumed: "no | 0"
      case .undecided, .notTested, .doesNotApply: nil
      }
    }

    init(
      _ backend: String, _ basis: ProbeRecord.Basis, _ outcome: ProbeResult.Outcome, _ expectation: String,
      reason: String? = nil, failure: String? = nil, evidence: [Observation] = []
    ) {
      self.backend = backend
      self.basis = basis
      self.outcome = outcome
      self.expectation = expectation
      self.reason = reason
      self.failure = failure
      self.evidence = evidence
    }
  }

  static func claim(
    _ id: String, _ topic: Topic, _ title: String, source: String, _ answers: [Row]
  ) -> [ProbeResult] {
    answers.map { answer in
      let isMade = answer.outcome != .notTested && answer.outcome != .doesNotApply
      let record = ProbeRecord(
        id: id, topic: topic, title: title, question: "Is it so that *this* | happens?", source: source,
        procedure: "Map it; write <3> events; look.", backend: answer.backend, expectation: answer.expectation,
        basis: answer.basis, notMade: isMade ? nil : answer.reason, failure: answer.failure, evidence: answer.evidence)
      return ProbeResult(record, outcome: answer.outcome, answer: answer.answer, reason: answer.reason)
    }
  }

  static let clauses = [
    ClauseRecord(backend: "tracefs", clause: 1, title: "One at a time", verdict: .kept, cases: 12),
    ClauseRecord(
      backend: "lttng-ust", clause: 1, title: "One at a time", verdict: .broken, cases: 3,
      evidence: [Observation("second acquire", "a sub-buffer | twice")]),
    ClauseRecord(backend: "merged", clause: 1, title: "One at a time", verdict: .kept, cases: 1_200),
    ClauseRecord(
      backend: "tracefs", clause: 6, title: "Finished is final", verdict: .notApplicable, reason: "it never finishes",
      cases: 0),
    ClauseRecord(
      backend: "merged", clause: 6, title: "Finished is final", verdict: .notApplicable, reason: "it never finishes",
      cases: 0),
    ClauseRecord(
      backend: "lttng-ust", clause: 6, title: "Finished is final", verdict: .inconclusive,
      reason: "it did not finish\nin time #1", cases: 1, evidence: [Observation("acquire", "nothing yet")]),
  ]

  static let modelChecks = [
    ModelCheckResult(
      backend: "merged", mode: .overwrite, schedules: 1_000, steps: 123_456, exchanges: 4_321, delivered: 20_000,
      lost: 311),
    ModelCheckResult(
      backend: "model|v11", mode: .discard, schedules: 1_000, steps: 123_457, exchanges: 4_322, delivered: 20_000,
      lost: 0,
      violations: (1...12).map {
        ModelCheckResult.Violation(schedule: "w3 r\($0) | w*", seed: UInt64($0), what: "an event came twice: \($0)")
      }),
  ]

  static let latency = [
    row("tracefs", .acquire, hasData: true, "ioctl(TRACE_MMAP_IOCTL_GET_READER)", scale: 410, count: 20_000),
    row("tracefs", .acquire, hasData: false, "ioctl(TRACE_MMAP_IOCTL_GET_READER)", scale: 300, count: 9_999),
    row("lttng-ust", .acquire, hasData: true, "get_next_subbuf", scale: 95, count: 20_000, outOfRange: 1_234_567),
    row("lttng-ust", .acquire, hasData: false, "get_next_subbuf", scale: 40, count: 7),
    row("lttng-ust", .release, hasData: true, "put_next_subbuf", scale: 60, count: 1_000_000),
    row(
      "tracefs", reader: "read(2) | copy", .acquire, hasData: true, "read(trace_pipe_raw)", scale: 150, count: 6_000),
    LatencyResult(
      backend: "tracefs", mode: .discard, operation: .release, condition: LatencyCondition(), call: "", setup: [],
      trials: []),
  ]

  /// The costs of getters; one row has no trials.
  static let getters = [
    GetterResult(
      backend: "tracefs", name: "reader.id", note: "meta page, a load", calls: 1_000,
      trials: (1...6).map { GetterResult.Trial(place: $0, nanoseconds: [1_370, 1_380 + UInt64($0), 9_000]) }),
    GetterResult(backend: "lttng-ust", name: "get|odd", note: "held packet", calls: 0, trials: []),
  ]

  /// The settings of the measurement.
  static let measurement = MeasurementResult(
    trials: 6, warmup: 1, significantDigits: 3, clockOverhead: 31, recordOverhead: 3.75)

  /// Costs by the events in a sub-buffer: those of one back end grow, those of the other do not.
  static let growth = [1, 4, 16, 64].flatMap { events in
    [("tracefs", 400 + UInt64(events) * 30), ("lttng-ust", 560)].map { backend, scale in
      var row = row(backend, .acquireAndRelease, hasData: true, "calls", scale: scale, count: 600)
      row.growth = Growth(.eventsOfFullSubbuffer, events)
      return row
    }
  }

  /// Returns a distribution with a long tail, without randomness: each bucket has half the samples of the one before.
  /// With enough samples it has six trials, each a little slower than the one before.
  static func row(
    _ backend: String, reader: String = LatencyResult.studiedReader, _ operation: LatencyOperation, hasData: Bool,
    _ call: String, scale: UInt64, count: UInt64, outOfRange: UInt64 = 0
  ) -> LatencyResult {
    let trials: UInt64 = count >= 600 ? 6 : 1
    return LatencyResult(
      backend: backend, reader: reader, mode: .discard, operation: operation,
      condition: LatencyCondition(hasData: hasData), call: call,
      setup: [Observation("sub-buffer size", 4096), Observation("mode", "a | b")],
      trials: (1...trials).compactMap { place in
        let share = count / trials + (place == 1 ? count % trials : 0)
        return trial(Int(place), scale: scale + place - 1, count: share, outOfRange: place == 1 ? outOfRange : 0)
      })
  }

  static func trial(_ place: Int, scale: UInt64, count: UInt64, outOfRange: UInt64 = 0) -> Trial? {
    var buckets: [Distribution.Bucket] = []
    var left = count
    var value = scale
    while left > 0 {
      let share = max(1, left / 2)
      buckets.append(Distribution.Bucket(nanoseconds: value, count: share))
      left -= share
      value += max(1, value / 5)
    }
    return Distribution(buckets).map {
      Trial(place: place, outOfRange: outOfRange, minimum: $0.least, maximum: $0.greatest, distribution: $0)
    }
  }

  static let losses: [LossResult] =
    [
      loss(
        "tracefs", .overwrite, "keeps-up", produced: 200, ["1: 0-99", "2: 100-199"],
        [("meta page overrun", true, ["0: none"])]),
      loss(
        "tracefs", .overwrite, "overrun", produced: 1_000, ["1: 0-99", "4: 300-399", "5: 400-499, 700-999"],
        [
          ("meta page overrun", true, ["0: none", "2: 200 events", "3: 400 events"]),
          ("sub-buffer header", true, ["0: none", "2: some, number not reported; 1 marked"]),
          ("stats overrun", false, ["0: none", "1: 200 events", "2: 400 events"]),
          ("stats entries", false, ["0: 92 events", "5: none"]), ("stats commit overrun", false, ["0: none"]),
        ], calls: [CallRecord(handovers: 1, purpose: .resize, call: "resize | <b>", result: "-EBUSY (-16)")]),
      loss(
        "lttng-ust", .overwrite, "overrun", produced: 1_000, ["12: 900-999"],
        [("packet sequence gap", true, ["0: none", "1: 12 packets; 1 marked"])]),
      loss(
        "lttng-ust", .discard, "overrun", produced: 1_000, ["0: 0-499", "1: 500-998", "2:"],
        [("sub-buffer header", true, ["0: no indication", "1: none", "3: 1 events"])]),
      loss(
        "tracefs", .discard, "one | slow", produced: 20_000, ["1: 0-9999", "2: 15000-19999"],
        [
          ("sub-buffer header", true, ["0: no indication"]),
          ("stats dropped events", false, ["0: none", "3: 4999 events"]),
        ]),
      loss(
        "lttng-ust", .discard, "too-many", produced: 100, ["1: 0-99"],
        [("sub-buffer header", true, ["0: none", "1: 123456789 events"])]),
      loss(
        "tracefs", .discard, "again", produced: 100, ["1: 0-49", "1: 40-89, 200", "3: 90-99, 10"],
        [("meta page overrun", true, ["0: none"])]),
      loss(
        "model|v11", .overwrite, "broken", produced: 10, ["1: 0-4"], [],
        malformed: "hand-over 1: no room\nfor the header"),
      loss(
        "tracefs", .overwrite, "huge", produced: .max, [], [("meta page overrun", true, ["1: \(UInt64.max) events"])]),
      LossResult(
        LossRecord(
          backend: "lttng-ust", mode: .overwrite, scenario: "toggled", group: .control, title: "the mode is <switched>",
          skipped: "there is no call | for it")),
      cleared, race("tracefs", lost: 10), race("lttng-ust", lost: 20),
    ] + ["tracefs", "lttng-ust"].flatMap { backend in offered.map { load(backend, $0) } }

  /// 312 events are cleared and no channel reports them.
  static let cleared: LossResult = {
    var row = loss(
      "tracefs", .overwrite, "cleared-unread", produced: 468, ["2: 312-389", "3: 390-467"],
      [("meta page overrun", true, ["0: none"]), ("stats entries", false, ["1: 78 events", "2: none"])],
      calls: [CallRecord(handovers: 0, purpose: .clear, call: "clear", result: "0")], group: .control)
    row.history?.clears = [ClearRecord(handovers: 0, produced: 312, capacity: 702, isOverwriting: true)]
    return row
  }()

  /// Returns a scenario with producer and reader in parallel.
  static func race(_ backend: String, lost: UInt64) -> LossResult {
    var row = loss(
      backend, .overwrite, "races", produced: 100, ["1: \(lost)-99"],
      [("meta page overrun", true, ["1: \(lost) events"])])
    row.isConcurrent = true
    return row
  }

  private static let offered: [UInt64] = [1, 2, 4]

  /// Returns a row of the figure of the offered load.
  static func load(_ backend: String, _ load: UInt64) -> LossResult {
    let told = backend == "tracefs" ? "\(load == 1 ? "none" : "\(100 * (load - 1)) events")" : "\(load - 1) packets"
    var row = loss(
      backend, .overwrite, "offered-\(load)", produced: 100 * load, ["7: \(100 * (load - 1))-\(100 * load - 1)"],
      [("packet sequence gap", true, ["0: none", "1: \(told)"])], group: .offeredLoad)
    row.offeredLoad = Double(load)
    return row
  }

  /// The channels that do not count every loss.
  private static let quantities: [String: LossChannel.Quantity] = [
    "stats entries": .somethingElse, "stats commit overrun": .oneKindOfLoss,
  ]

  /// The places in which a reader finds the reports of the channels.
  private static let places: [String: LossChannel.Place] = [
    "sub-buffer header": .handover, "packet sequence gap": .gap, "meta page overrun": .mapping, "stats overrun": .call,
    "stats entries": .call, "stats commit overrun": .call, "writer's error": .writer,
  ]

  /// One load of six events in two ring buffers, of which the second holds fewer.
  static let sharedLoads: [SharedLoadRecord] = {
    func ring(_ backend: String, _ room: Int, _ handover: String, _ told: String) -> SharedLoadRecord.Ring? {
      let result = loss(
        backend, .discard, "shared", produced: 6, [handover], [("sub-buffer header", true, ["0: none", "1: \(told)"])])
      return result.history.map { SharedLoadRecord.Ring(backend: backend, room: room, history: $0) }
    }
    return [
      SharedLoadRecord(
        course: "stalled", title: "what happens in “stalled”", mode: .discard,
        setup: [Observation("bytes of each ring buffer", 32_768)],
        rings: [ring("tracefs", 5, "1: 0-4", "not reported"), ring("lttng-ust", 3, "1: 0-2", "3 events")].compactMap(
          \.self))
    ]
  }()

  static func loss(
    _ backend: String, _ mode: RingMode, _ scenario: String, produced: UInt64, _ handovers: [String],
    _ channels: [(name: String, isReaderABI: Bool, readings: [String])], calls: [CallRecord] = [],
    malformed: String? = nil, group: LossGroup = .reader
  ) -> LossResult {
    let records = channels.map { channel in
      ChannelHistory(
        channel: channel.name, isReaderABI: channel.isReaderABI,
        counts: quantities[channel.name] ?? .lostEvents, place: places[channel.name],
        readings: channel.readings.compactMap { ReadingRecord($0) })
    }
    func total(_ name: String, _ isReaderABI: Bool) -> ChannelHistory {
      ChannelHistory(
        channel: name, isReaderABI: isReaderABI,
        readings: (isReaderABI ? records.first(where: \.isReaderABI) : records.last)?.readings ?? [])
    }
    let history = LossHistory(
      produced: produced, refused: 0, unfinished: [], handovers: handovers.compactMap { HandoverRecord($0) },
      channels: records, readerABI: total("total, reader ABI alone", true), recipe: total("total by the recipe", false),
      handoverLosses: total("sum over hand-overs", true), calls: calls, malformed: malformed)
    return LossResult(
      LossRecord(
        backend: backend, mode: mode, scenario: scenario, group: group, title: "what happens in “\(scenario)”",
        setup: scenario == "broken" ? [] : [Observation("sub-buffer size", 4096), Observation("payload", "a | b")],
        marks: LossScenario.all.first { $0.name == scenario }?.marks ?? [], history: history))
  }

  static let crossChecks: [CrossCheckResult] = {
    var same = crossCheck("tracefs", .overwrite, "stalled", "read(2)", ours: 5, theirs: 5, truth: 5)
    same.add(evidence: ["sub-buffer 0: ``` | <b>"])
    var skipped = crossCheck("lttng-ust", .discard, "falls | behind", "babeltrace2", ours: nil, theirs: nil)
    skipped.rows = []
    skipped.skipped = CrossCheckResult.Skip(reason: "no babeltrace2 <here>", remedy: "apt-get install babeltrace2")
    return [
      same, crossCheck("tracefs", .discard, "stalled", "read(2)", ours: 0, theirs: 0, truth: 7, "why | not"),
      crossCheck("lttng-ust", .overwrite, "stalled", "babeltrace2 2.0", ours: 18, theirs: nil), skipped,
    ]
  }()

  static let accessCounts: [AccessCountsResult] = {
    var mapping = AccessCountsResult(
      backend: "tracefs", mode: .overwrite, way: "mapping", setup: [Observation("sub-buffers", "8 | <b>")],
      handovers: 9, loads: 3)
    mapping.systemCalls = calls([(.acquire, 9, ["ioctl": 9]), (.decode, 9, [:]), (.wait, 3, ["poll": 3])])
    mapping.tracedCalls = calls([(.acquire, 9, ["ioctl": 9]), (.decode, 9, [:]), (.wait, 3, ["poll": 3])])
    mapping.memory = AccessCountsResult.Memory(
      watchedBytes: 1_224,
      fields: [
        AccessCountsResult.Field(
          part: "struct | meta", name: "reader.id", offset: 24, size: 4, elements: 1,
          accesses: [.init(operation: .acquire, reads: 18, writes: 0), .init(operation: .wait, reads: 3, writes: 0)],
          readIn: 9),
        AccessCountsResult.Field(part: "struct | meta", name: "flags", offset: 32, size: 8, elements: 1),
        AccessCountsResult.Field(
          part: "struct | meta", name: "entries", offset: 40, size: 8, elements: 1,
          accesses: [.init(operation: .lossChannels, reads: 3, writes: 0)]),
        AccessCountsResult.Field(
          part: "sub-buffer header", name: nil, offset: 8, size: 8, elements: 9,
          accesses: [.init(operation: .release, reads: 1, writes: 6)], readIn: 1, writtenIn: 6),
      ])
    var library = AccessCountsResult(
      backend: "lttng-ust", mode: .discard, way: "mapping", setup: [], handovers: 8, loads: 2)
    library.tracedCalls = calls([(.acquire, 8, ["rt_sigprocmask": 20]), (.release, 8, ["system call 999": 8])])
    library.library = AccessCountsResult.LibraryCalls(
      functions: ["get_next_subbuf", "put_next_subbuf", "snapshot"],
      operations: calls([(.acquire, 8, ["get_next_subbuf": 8]), (.release, 8, ["put_next_subbuf": 8])]))
    library.notCounted = [
      AccessCountsResult.NotCounted(
        what: "system calls, by perf", reason: "Permission | denied", remedy: "run as <root>"),
      AccessCountsResult.NotCounted(what: "accesses to the shared memory", reason: "no watchpoints", remedy: ""),
    ]
    return [mapping, library]
  }()

  private static func calls(
    _ operations: [(ReaderOperation, UInt64, [String: UInt64])]
  ) -> [AccessCountsResult.OperationCalls] {
    operations.map { operation, times, calls in
      AccessCountsResult.OperationCalls(
        operation: operation, times: times,
        calls: calls.sorted { $0.key < $1.key }.map { AccessCountsResult.Call(name: $0.key, count: $0.value) })
    }
  }

  private static func crossCheck(
    _ backend: String, _ mode: RingMode, _ load: String, _ tool: String, ours: UInt64?, theirs: UInt64?,
    truth: UInt64? = nil, _ explanation: String? = nil
  ) -> CrossCheckResult {
    CrossCheckResult(
      backend: backend, mode: mode,
      load: CrossCheckResult.Load(name: load, setup: [Observation("reader", "nothing | then all")]), tool: tool,
      rows: [
        CrossCheckResult.Row(
          "lost events", ours: ours, theirs: theirs, truth: truth, oursBy: "headers", theirsBy: "messages"
        ) { explanation }
      ])
  }
}
