@testable import Report
import Results
import Study
import TestResults

/// Made-up runs of several versions.
enum MatrixFixture {
  static let kernel = ABI("kernel")
  static let modules = ABI("lttng-modules")

  /// An answer: its words and its outcome.
  struct Answer {
    var text: String?
    var outcome: ProbeResult.Outcome
    var reason: String?

    static func expected(_ text: String) -> Answer { Answer(text: text, outcome: .asAssumed) }
    static func unexpected(_ text: String) -> Answer { Answer(text: text, outcome: .notAsAssumed) }
    static func undecided(_ reason: String) -> Answer { Answer(text: nil, outcome: .undecided, reason: reason) }
  }

  /// The machine of a run.
  enum Machine {
    case emulated, host

    var facts: [Observation] {
      switch self {
      case .emulated:
        [
          Observation("machine", "x86_64"), Observation("CPU", "QEMU TCG CPU"), Observation("accelerator", "TCG"),
          Observation(EnvironmentFact.time, "one instruction"),
        ]
      case .host: [Observation("machine", "x86_64"), Observation("CPU", "Some | CPU")]
      }
    }
  }

  /// The records of one ABI.
  struct Part {
    var name: String
    var abis: [String]
    var version: String?
    var answers: [String: Answer] = [:]
    /// The reports of the recipe in the scenario "stalled", overwrite mode, by readings of the channel.
    var loss: String?
    /// The cost of an acquire that finds nothing.
    var cost: UInt64?
    var isLive = true
    var status = BackendResult.Status.ran
    /// A line of the kernel's log during the first claim.
    var log: String?
  }

  /// The judges of the runs: each record has the outcome that it was made with.
  static let judges = ProbeJudges { record, _ in
    results.lazy.flatMap(\.probes).first { $0.record == record } ?? ProbeResult(record, outcome: .undecided)
  }

  /// Returns the results of a run.
  static func run(
    _ release: String, on machine: Machine = .emulated, at time: String = "2026-11-01T00:00:00Z", seed: UInt64 = 7,
    isLogRead: Bool = true, _ parts: [Part]
  ) -> StudyResults {
    var results = StudyResults(
      run: RunDescription(
        toolVersion: "0.1.0", command: [], profile: "quick", seed: seed, startedAt: time, seconds: 1),
      environment: RunEnvironment(
        facts: [
          Observation("kernel", "Linux \(release)"),
          Observation("kernel version", "#1 SMP Debian \(release) (2026-10-\(10 + release.count))"),
        ] + machine.facts),
      backends: parts.map { part in
        BackendResult(
          name: part.name, title: "The \(part.name)", isLive: part.isLive, abis: part.abis, status: part.status,
          reason: part.status == .ran ? nil : "no | such device", version: part.version)
      }, operations: [], probes: parts.flatMap(probes), latency: parts.flatMap(latency),
      losses: parts.flatMap(losses), clauses: [], modelChecks: [])
    results.kernelLog = isLogRead ? KernelLogResult(taintBefore: 0, taintAfter: 0) : nil
    return results
  }

  /// Returns the part of tracefs, whose version is that of the kernel.
  static func tracefs(
    _ release: String, _ answers: [String: Answer] = [:], loss: String? = nil, cost: UInt64? = nil, log: String? = nil
  ) -> Part {
    Part(
      name: "tracefs", abis: ["kernel"], version: "Linux \(release)", answers: answers, loss: loss, cost: cost,
      log: log)
  }

  private static func probes(_ part: Part) -> [ProbeResult] {
    part.answers.sorted { $0.key < $1.key }.enumerated().map { index, entry in
      let (claim, answer) = entry
      let record = ProbeRecord(
        id: claim, topic: .consumption, title: "Question | \(claim)?", question: "", source: "", procedure: "",
        backend: part.name, expectation: "", basis: .assumed)
      var result = ProbeResult(record, outcome: answer.outcome, answer: answer.text, reason: answer.reason)
      result.kernelLog = index == 0 ? part.log.map(excerpt) : nil
      return result
    }
  }

  private static func excerpt(_ line: String) -> KernelLogExcerpt {
    KernelLogExcerpt(
      lines: [KernelLogLine(sequence: 1, time: 1, level: 4, message: line)],
      threads: [KernelLogThread(id: 7, place: .thisPart)])
  }

  /// The line of a warning at a line of the kernel's source.
  static func warning(_ line: Int) -> String {
    "WARNING: CPU: 0 PID: 7 at kernel/trace/ring_buffer.c:\(line) rb_x | y+0x1/0x2"
  }

  private static func losses(_ part: Part) -> [LossResult] {
    part.loss.map { told in
      [
        Fixture.loss(
          part.name, .overwrite, "stalled", produced: 400, ["4: 300-399"], [("meta page overrun", true, [told])])
      ]
    } ?? []
  }

  private static func latency(_ part: Part) -> [LatencyResult] {
    part.cost.map { cost in
      [Fixture.row(part.name, .acquire, hasData: false, "call", scale: cost, count: 600)]
    } ?? []
  }

  // MARK: The matrix of the golden files

  private static let old: [String: Answer] = [
    "changed": .expected("0"), "fixed-in-stable": .unexpected("hangs"), "constant": .expected("yes"),
    "three-answers": .expected("first"), "decided-on-some": .expected("yes"), "always-wrong": .unexpected("no | 0"),
    "never": .undecided("no room"),
  ]

  private static func answers(_ changes: [String: Answer]) -> [String: Answer] {
    old.merging(changes) { _, new in new }
  }

  private static let fixed = Answer.expected("returns")
  private static let ust = ["always-wrong": Answer.unexpected("no"), "sigbus": .unexpected("endless")]

  static let results: [StudyResults] = [
    run(
      "6.12.95+deb12",
      [
        tracefs("6.12.95+deb12", old, loss: "1: 299 events", cost: 1_000),
        Part(
          name: "lttng-modules", abis: ["lttng-modules", "lttng"], version: "lttng-modules 2.13.18",
          answers: ["always-wrong": .unexpected("no")]),
        Part(name: "lttng-ust", abis: ["lttng-ust", "lttng"], version: "LTTng-UST 2.13.5", answers: ust),
        Part(name: "kernel-model", abis: ["kernel"], answers: old, isLive: false),
      ]),
    // The same version once more: one answer varies.
    run(
      "6.12.95+deb12", at: "2026-11-02T00:00:00Z",
      [tracefs("6.12.95+deb12", answers(["constant": .unexpected("sometimes")]), loss: "1: 299 events", cost: 1_001)]),
    run(
      "6.12.107+deb13",
      [
        tracefs(
          "6.12.107+deb13", answers(["decided-on-some": .undecided("built without | it")]), loss: "1: 299 events",
          cost: 1_000)
      ]),
    run(
      "6.12.117+deb13",
      [
        tracefs(
          "6.12.117+deb13", answers(["fixed-in-stable": fixed]), loss: "1: 299 events", cost: 1_002)
      ]),
    run(
      "6.16.3+deb13",
      [
        tracefs(
          "6.16.3+deb13", answers(["three-answers": .expected("second")]), loss: "1: 300 events", cost: 1_300,
          log: warning(123))
      ]),
    run(
      "6.18.5+deb13",
      [
        tracefs(
          "6.18.5+deb13", answers(["changed": .unexpected("not 0"), "three-answers": .expected("second")]),
          loss: "1: 300 events", cost: 1_300, log: warning(456))
      ]),
    run(
      "6.18.44-fc", on: .host, isLogRead: false,
      [
        tracefs(
          "6.18.44-fc", answers(["changed": .unexpected("not 0"), "three-answers": .expected("second")]),
          loss: "1: 300 events", cost: 90),
        Part(name: "lttng-modules", abis: ["lttng-modules", "lttng"], version: nil, status: .skipped),
      ]),
    run(
      "7.3.4+deb14",
      [
        tracefs(
          "7.3.4+deb14",
          answers([
            "changed": .unexpected("not 0"), "fixed-in-stable": fixed, "three-answers": .unexpected("third"),
          ]), loss: "1: 300 events", cost: 1_300),
        Part(
          name: "lttng-modules", abis: ["lttng-modules", "lttng"], version: "lttng-modules 2.16.0",
          answers: ["always-wrong": .unexpected("no")]),
        Part(
          name: "lttng-ust", abis: ["lttng-ust", "lttng"], version: "LTTng-UST 2.16.0",
          answers: ["always-wrong": .unexpected("no"), "sigbus": .expected("one error")]),
      ]),
  ]

  static let failures = [
    MatrixFailure(
      version: "6.17.8", step: "build lttng-modules", reason: "gcc | exit status 1", remedy: "install headers")
  ]

  static let wording = Wording(
    notes: [
      Note(
        "fixed-in-stable", kernel, answer: "hangs", .s1, "A reader | hangs", consequence: "A reader waits for ever.",
        status: CitedText("Fixed by 0123456789ab in 7.3", source: "a | tree")),
      Note("always-wrong", kernel, answer: "no | 0", .s2, "The number is always 0", consequence: "No loss is counted."),
    ],
    versionChanges: [
      .ended(
        "0", of: "changed", kernel, by: "fedcba987654", "ring-buffer: Keep the `commit` word", first: ["6.17"],
        source: "a tree"),
      // It does not fit: 6.16.3 has the second answer.
      .ended(
        "first", of: "three-answers", kernel, by: "aaaaaaaaaaaa", "Must not be shown", first: ["6.18"], source: "x"),
    ],
    kernelModules: [modules], releases: [Release("Linux 6.12", "2024-11-17", source: "x")])

  static let matrix = VersionMatrix(results, failures: failures)
}
