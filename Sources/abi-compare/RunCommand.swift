import AllocationCounter
import ArgumentParser
import Foundation
import Report
import StudiedBackends
import Study
import SubbufferSource
import Workload

/// `abi-compare run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Make the study on every back end that can run here, and write the report.")

  @Option(help: "How much is measured: quick, standard or thorough.")
  var profile = Profile.quick

  @Option(help: "A back end; may be given more than once. By default all.")
  var backend: [String] = []

  @Option(help: ArgumentHelp("Where to write results.json, report.md and the plots.", valueName: "dir"))
  var out = "abi-compare-report"

  @Option(
    help: ArgumentHelp(
      "What the order of trials, the sizes of events and the loads are drawn from; by default a new one, which the report "
        + "names."))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "A loss scenario; may be given more than once. Then nothing else is made. abi-compare list names all.",
      valueName: "name"))
  var scenario: [String] = []

  @Option(
    help: ArgumentHelp(
      "The CPU of the producers; by default the second on which this process may run.", valueName: "cpu"))
  var cpuProducer: Int?

  @Option(
    help: ArgumentHelp("The CPU of the reader; by default the first on which this process may run.", valueName: "cpu"))
  var cpuReader: Int?

  @Flag(help: "The same as --profile quick.")
  var quick = false

  @Option(
    help: ArgumentHelp(
      "How many trials of each ring buffer the costs are measured in; by default what the profile says.",
      valueName: "n"))
  var runs: Int?

  @Option(
    help: ArgumentHelp(
      "How many times a ring buffer is filled and drained before anything is recorded, in each trial.", valueName: "n"))
  var warmup = 1

  @OptionGroup var exports: Exports

  @OptionGroup var strictness: Strictness

  func validate() throws {
    if let runs, !(1...10_000).contains(runs) { throw ValidationError("--runs: a number from 1 to 10000") }
    if !(0...1_000).contains(warmup) { throw ValidationError("--warmup: a number from 0 to 1000") }
    _ = try BackendCatalogue.named(backend, producerCPU: 0)
    try OutputDirectory.validate(out)
    for name in scenario where !LossScenario.all.contains(where: { $0.name == name }) {
      throw ValidationError("unknown loss scenario '\(name)'; abi-compare list names all")
    }
    _ = try placement()
    if quick, profile != .quick {
      throw ValidationError("--quick and --profile \(profile.rawValue) exclude each other")
    }
    try exports.keepApart(from: ["results.json", "report.md"].map { "\(out)/\($0)" })
  }

  func run() throws {
    let directory = try OutputDirectory(preparing: out)
    try exports.check()
    Interruption.install()
    PipedProcess.becomeSubreaper()
    BackendCatalogue.removeAbandoned()
    let results = try study()

    try orCannotWrite { _ = try ReportFiles.write(results, to: directory.path) }
    try exports.write(results)
    if !exports.useStandardOutput { try say("\(directory.path)/report.md") }
    tellSkipped(results)
    try strictness.exit(with: results)
  }

  private func placement() throws -> CPUPlacement {
    do {
      return try CPUPlacement(producer: cpuProducer, reader: cpuReader)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  private func study() throws -> Results {
    let begin = Date()
    let placement = try self.placement()
    let seed = seed ?? UInt64.random(in: 0..<UInt64(UInt32.max))
    let progress = ProgressLine()
    defer { progress.end() }
    do {
      let environment = RunEnvironment.current(placement: placement)
      var study = StudyRun(
        profile: profile, seed: seed, placement: placement, catalogue: Catalogue.claims,
        observe: observeInProcess, allocations: { allocation_count() }, progress: { progress.show($0) })
      if let runs {
        study.latency.trials = runs
        study.freshness.trials = runs
        study.throughput.trials = runs
        study.disturbance.trials = runs
      }
      study.latency.warmup = warmup
      study.throughput.warmup = warmup
      study.announce = { [profile] estimate in
        guard estimate.seconds > 60 || profile == .thorough else { return }
        complain("this will take about \(estimate.text)")
      }
      study.traced = drainProcess
      if !scenario.isEmpty {
        study.scenarios = LossScenario.all.filter { scenario.contains($0.name) }
        study.isLossesOnly = true
      }
      let findings = try study(on: BackendCatalogue.named(backend, producerCPU: placement.producer))
      let description = RunDescription(
        toolVersion: Version.current, command: CommandLine.arguments, profile: profile.rawValue, seed: seed,
        startedAt: begin.formatted(.iso8601), seconds: Date().timeIntervalSince(begin))
      return Results(run: description, environment: environment, findings: findings)
    } catch let error as SourceError {
      progress.end()
      complain("\(error)")
      if let signal = Interruption.signal { throw ExitCode.signal(signal) }
      throw ExitCode.broken
    }
  }

  /// Says what was skipped and what failed.
  private func tellSkipped(_ results: Results) {
    for backend in results.backends where backend.status != .ran {
      complainOf(
        backend.name, backend.status.rawValue, reason: backend.reason ?? "no reason given", remedy: backend.remedy ?? ""
      )
    }
  }
}

extension Profile: ExpressibleByArgument {}
