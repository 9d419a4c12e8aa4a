import ArgumentParser
import Foundation
import Platform
import Report
import Results
import Study
import SubbufferSource
import VirtualMachine
import Workload

/// `abi-compare vm run`.
struct VMRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Boot, run the study, copy results.json and the report to the host, and power off.",
    discussion: "By default with tracefs, lttng-modules and lttng-ust. The exit code is that of abi-compare run.")

  @OptionGroup var study: StudyOptions

  @OptionGroup var images: VMImageOptions

  @Option(help: ArgumentHelp("Directory for results.json, report.md and the plots.", valueName: "dir"))
  var out = "abi-compare-report"

  @OptionGroup var guest: VMGuestOptions

  @Flag(help: ArgumentHelp("Report each part on a separate line.", visibility: .hidden))
  var progressLines = false

  @Option(help: ArgumentHelp("The process that asks; this one ends with it.", visibility: .hidden))
  var parent: Int32?

  @Flag(
    inversion: .prefixedNo,
    help: "After the study, make each probe that may end the kernel or needs parameters of it, in a boot of its own.")
  var ownBoots = true

  @OptionGroup var matrix: MatrixOption

  @OptionGroup var exports: Exports

  @OptionGroup var strictness: Strictness

  private static let backends = ["tracefs", "lttng-modules", "lttng-ust"]

  func validate() throws {
    try OutputDirectory.validate(out)
    try exports.keepApart(reportIn: out)
  }

  func run() throws {
    if let parent { PipedProcess.endWithParent(parent) }
    let matrix = try matrix.read()
    let directory = try OutputDirectory(preparing: out, room: OutputDirectory.roomOfRun)
    let opened = try exports.open()
    Interruption.install()
    PipedProcess.becomeSubreaper()
    let progress = ProgressLine(inLines: progressLines)
    defer { progress.end() }
    try Backends.removeAbandoned()
    let image = try orSignal { () throws(SourceError) in try images.image(progress) }
    let results = try orSignal { () throws(SourceError) in
      let machine = guest.machine(image, progress) { line in
        // Messages of the program in the guest are printed; its progress is shown.
        if let message = complaint(in: line) { complain(message) } else { progress.show(line) }
      }
      // The guest has no compiler.
      let readers = builtReaders()
      return try withExtendedLifetime(readers) { () throws(SourceError) in
        try machine.run(task(readers), resultsTo: directory.path)
      }
    }
    progress.end()
    // The directory may contain files of another run.
    guard results.files.contains("results.json") else {
      complain("the program in the guest wrote no results and exited with status \(results.status)")
      throw results.status == 0 ? ExitCode.broken : ExitCode(results.status)
    }
    var stored = try StoredResults.read("\(directory.path)/results.json")
    if ownBoots, !stored.probes.isEmpty { try probeInBootsOfTheirOwn(&stored, image, progress) }
    // An emulated CPU takes a minute for the pages.
    let complete = stored
    try orCannotWrite { try ReportFiles.write(complete, Backends.wording, matrix: matrix, to: directory.path) }
    try opened.write(stored, matrix)
    if !exports.useStandardOutput { try say("\(directory.path)/report.md") }
    try strictness.exit(with: stored)
  }

  /// Puts the results of probes that need a boot of their own in the place of those that were not tested.
  private func probeInBootsOfTheirOwn(_ results: inout StudyResults, _ image: Image, _ progress: ProgressLine) throws {
    for probe in try GuestProbe.all(on: backends) {
      let index = results.probes.firstIndex {
        $0.id == probe.probe.claim.id && $0.backend == probe.backend.name && $0.outcome == .notTested
      }
      guard let index else { continue }
      do throws(SourceError) {
        results.probes[index] = try probe(image, guest, progress)
      } catch {
        guard error.kind != .interrupted else { return try orSignal { () throws(SourceError) in throw error } }
        progress.end()
        complain("continuing without the probe \(probe.probe.claim.id): \(error)")
      }
    }
    progress.end()
  }

  private var backends: [String] { study.backend.isEmpty ? VMRunCommand.backends : study.backend }

  private func builtReaders() -> BuiltReaders32? {
    do throws(SourceError) {
      return try BuiltReaders32(
        Backends.all(producerCPU: 0).filter { backends.contains($0.name) }.compactMap(\.reader32))
    } catch {
      complain("continuing without 32-bit readers: \(error)")
      return nil
    }
  }

  /// This program and what it needs, with the options of the study.
  private func task(_ readers: BuiltReaders32?) -> GuestTask {
    GuestTask(
      ofThisProgram: ["run", "--progress-lines", "--results-only"] + study.arguments(backends: backends),
      staticCompanions: readers?.paths ?? [])
  }
}

extension GuestTask {
  /// A task that runs this program with its producers.
  init(ofThisProgram arguments: [String], staticCompanions: [String] = [], output: Output = .files) {
    let link = ChildOfRun.executable
    self.init(
      program: (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? link,
      companions: ProducerExecutable.allCases.compactMap { try? $0.path() }, staticCompanions: staticCompanions,
      arguments: arguments, output: output)
  }
}

/// `abi-compare vm probe`.
struct VMProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Test claims, each in a virtual machine booted for it, and show the observations.",
    discussion:
      "For probes that may end the kernel or need parameters of it, and for any other. A kernel that ends is an "
      + "observation. abi-compare list lists the claims.")

  @Argument(help: "The claims.")
  var claims: [String]

  @Option(help: "A back end that runs in the guest; may be given more than once. By default tracefs.")
  var backend: [String] = ["tracefs"]

  @OptionGroup var images: VMImageOptions

  @OptionGroup var guest: VMGuestOptions

  func validate() throws {
    _ = try probes()
    if claims.isEmpty { throw ValidationError("name a claim; abi-compare list lists them") }
  }

  func run() throws {
    Interruption.install()
    PipedProcess.becomeSubreaper()
    try Backends.removeAbandoned()
    let progress = ProgressLine()
    defer { progress.end() }
    let image = try orSignal { () throws(SourceError) in try images.image(progress) }
    for probe in try probes() {
      let result = try orSignal { () throws(SourceError) in try probe(image, guest, progress) }
      progress.end()
      try result.show()
    }
  }

  private func probes() throws -> [GuestProbe] {
    let backends = try Backends.named(backend, producerCPU: GuestProbe.producerCPU)
    return try claims.flatMap { id in
      let probes = backends.compactMap { backend in
        backend.probes.first { $0.claim.id == id }.map { GuestProbe(probe: $0, backend: backend) }
      }
      if probes.isEmpty {
        throw ValidationError("no probe of '\(id)' on \(backend.joined(separator: ", ")); abi-compare list lists them")
      }
      return probes
    }
  }
}

/// A probe made in a virtual machine that is booted for it alone.
struct GuestProbe {
  /// The probe, of a back end of this program's catalogue.
  let probe: Probe
  let backend: any StudiedBackend

  /// The CPU of the producer in a guest, which has two; the reader's is the other.
  static let producerCPU = 1

  /// The probes of the catalogue that need a boot of their own, on back ends.
  static func all(on names: [String]) throws -> [GuestProbe] {
    try Backends.named(names, producerCPU: producerCPU).flatMap { backend in
      backend.probes.filter { $0.boot != nil }.map { GuestProbe(probe: $0, backend: backend) }
    }
  }

  /// The task of the guest: this program makes the observations of one probe, and writes them to the standard output.
  var task: GuestTask {
    // The guest's script is its first process.
    GuestTask(
      ofThisProgram: ChildOfRun.arguments("observe", backend, parent: 1, "--claim", probe.claim.id), output: .lines)
  }

  /// Boots a machine, makes the probe, and judges the observations.
  ///
  /// The end of the kernel is an observation. The probe failed if the kernel runs on and the probe's process did not finish.
  /// - Throws: ``SourceError`` where the machine does not come to the probe.
  func callAsFunction(
    _ image: Image, _ options: VMGuestOptions, _ progress: ProgressLine
  ) throws(SourceError) -> ProbeResult {
    let lines = ProbeLines()
    let machine = options.machine(image, progress) { lines.add($0) }
    progress.showStep("probe \(probe.claim.id) on \(backend.name), in a boot of its own")
    let ending = try machine.observe(task, for: probe.claim.id, parameters: probe.boot?.parameters ?? [])
    guard let expectation = probe.claim.expectation(of: backend.abis) else {
      return judged(ProbeRecord(probe.claim, nil, backend: backend.name, notMade: "no expectation of this ABI"))
    }
    var record = ProbeRecord(probe.claim, expectation, backend: backend.name, lines.observed(ending))
    record.kernelLog = lines.log
    return judged(record)
  }

  private func judged(_ record: ProbeRecord) -> ProbeResult {
    ProbeResult(judging: record, by: probe.claim, abis: backend.abis)
  }
}

/// The lines of a probe's process in a guest, as they come.
private final class ProbeLines {
  private var evidence: [Observation] = []
  private(set) var log: KernelLogExcerpt?
  private var failure: String?
  private var isEnded = false

  func add(_ line: String) {
    switch ProbeLine(line) {
    case .observation(let observation): evidence.append(observation)
    case .kernelLog(let log): self.log = log
    case .failure(let reason): failure = reason
    case .end: isEnded = true
    case nil: failure = "its process wrote an unknown line: “\(line)”"
    }
  }

  func observed(_ ending: GuestEnding) -> ProbeObservations {
    switch ending {
    case .programEnded(let status):
      evidence.append(Observation(ProbeBoot.kernelObservation, ProbeBoot.kernelRuns))
      if !isEnded, failure == nil { failure = "its process did not finish: exit status \(status)" }
      return ProbeObservations(evidence: evidence, failure: failure)
    case .kernelEnded(let firstError, let error):
      evidence.append(Observation(ProbeBoot.kernelObservation, "ended: \(firstError ?? error.detail)"))
      return ProbeObservations(evidence: evidence, failure: failure)
    }
  }
}
