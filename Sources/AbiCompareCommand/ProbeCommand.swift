import ArgumentParser
import Platform
import Report
import Results
import Study
import SubbufferSource

/// `abi-compare probe`.
struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Test claims and show the observations.",
    discussion: "abi-compare list lists the claims. Exit code 4 if no back end can run.")

  @Argument(help: "The claims.")
  var claims: [String]

  @Option(help: "A back end; may be given more than once. By default all.")
  var backend: [String] = []

  func validate() throws {
    _ = try Backends.named(backend, producerCPU: 0)
    if claims.isEmpty { throw ValidationError("name a claim; abi-compare list lists them") }
    for id in claims where !Backends.claims.contains(where: { $0.id == id }) {
      throw ValidationError("unknown claim '\(id)'; abi-compare list lists them")
    }
  }

  func run() throws {
    Interruption.install()
    PipedProcess.becomeSubreaper()
    try Backends.removeAbandoned()
    let placement = CPUPlacement.choose()
    let backends = try able(of: Backends.named(backend, producerCPU: placement.producer))
    let study = StudyRun(
      profile: .quick, seed: 0, placement: placement,
      catalogue: Backends.claims.filter { claims.contains($0.id) }, observe: observeInProcess)
    let records = try orSignal { () throws(SourceError) in
      try study.probes(on: backends)
    }
    if let reason = study.kernelLog.result.unreadable { complain("the kernel's log was not read: \(reason)") }
    for record in records {
      let abis = backends.first { $0.name == record.backend }?.abis ?? []
      try Backends.judges(record, abis).show()
    }
  }

  /// The back ends that can run here; reports the reason for the others.
  /// - Throws: `ExitCode.allSkipped` where none can.
  private func able(of backends: [any StudiedBackend]) throws -> [any StudiedBackend] {
    var able: [any StudiedBackend] = []
    for backend in backends {
      switch try orSignal({ () throws(SourceError) in try backend.availability() }) {
      case .available: able.append(backend)
      case .unavailable(let reason, let remedy):
        complainOf(backend.name, "skipped", reason: reason, remedy: remedy)
      }
    }
    if able.isEmpty { throw ExitCode.allSkipped }
    return able
  }
}

extension ProbeResult {
  /// Prints the claim, the observations and the answer.
  func show() throws {
    try say("\(self.id) on \(self.backend): \(outcome.rawValue)\(answer.map { ": \($0)" } ?? "")")
    try say("  question: \(self.question)\n  source: \(self.source)\n  procedure: \(self.procedure)")
    try say("  expected (\(self.basis.rawValue)): \(self.expectation)")
    if let reason { try say("  reason: \(reason)") }
    for observation in self.evidence { try say("  observed: \(observation.name): \(observation.value)") }
    for line in Explanation.lines(of: self.kernelLog) { try say("  \(line)") }
  }
}

/// Has each probe made in a process of its own.
let observeInProcess: StudyRun.Observe = { (probe, backend) throws(SourceError) in
  try ProbeProcess(probe, on: backend)()
}
