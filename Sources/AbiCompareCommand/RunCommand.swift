import AllocationCounter
import ArgumentParser
import Foundation
import Platform
import Report
import Results
import Study
import SubbufferSource

/// `abi-compare run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run the study on every back end that can run here, and write the report.")

  @OptionGroup var options: StudyOptions

  @Option(help: ArgumentHelp("Directory for results.json, report.md and the plots.", valueName: "dir"))
  var out = "abi-compare-report"

  @Option(
    help: ArgumentHelp(
      "The CPU of the producers; by default the second of this process's affinity mask.", valueName: "cpu"))
  var cpuProducer: Int?

  @Option(
    help: ArgumentHelp(
      "The CPU of the reader; by default the first of this process's affinity "
        + "mask.", valueName: "cpu"))
  var cpuReader: Int?

  @Flag(help: ArgumentHelp("Report each part on a separate line.", visibility: .hidden))
  var progressLines = false

  @Flag(help: ArgumentHelp("Write results.json and no report.", visibility: .hidden))
  var resultsOnly = false

  @OptionGroup var matrix: MatrixOption

  @OptionGroup var exports: Exports

  @OptionGroup var strictness: Strictness

  func validate() throws {
    try OutputDirectory.validate(out)
    _ = try placement()
    try exports.keepApart(reportIn: out)
  }

  func run() throws {
    let matrix = try matrix.read()
    let directory = try OutputDirectory(preparing: out, room: OutputDirectory.roomOfRun)
    let opened = try exports.open()
    Interruption.install()
    PipedProcess.becomeSubreaper()
    try Backends.removeAbandoned()
    let results = try study()

    try orCannotWrite {
      if resultsOnly {
        try ReportFiles.writeResults(results, to: directory.path)
      } else {
        try ReportFiles.write(results, Backends.wording, matrix: matrix, to: directory.path)
      }
    }
    try opened.write(results, matrix)
    if !exports.useStandardOutput, !resultsOnly { try say("\(directory.path)/report.md") }
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

  private func study() throws -> StudyResults {
    let begin = Date()
    let placement = try self.placement()
    let seed = options.seed ?? UInt64.random(in: 0..<UInt64(UInt32.max))
    let progress = ProgressLine(inLines: progressLines)
    defer { progress.end() }
    let backends = try Backends.named(options.backend, producerCPU: placement.producer)
    return try orSignal { () throws(SourceError) in
      let environment = RunEnvironment.current(placement: placement)
      var study = StudyRun(
        profile: options.profile, seed: seed, placement: placement, catalogue: Backends.claims,
        observe: observeInProcess, allocations: { allocation_count() }, progress: { progress.show($0) })
      study.sharedWriters = AbiCompareCommand.backends.sharedWriters
      if environment.countsInstructions, options.profile == .quick {
        study.latency.reduceToCounts()
        study.deliveryLatency.trials = 4
        study.throughput.trials = 4
      }
      if let runs = options.runs {
        study.latency.trials = runs
        study.deliveryLatency.trials = runs
        study.throughput.trials = runs
        study.writerOverhead.trials = runs
      }
      study.latency.warmup = options.warmup
      study.throughput.warmup = options.warmup
      study.announce = { [profile = options.profile] estimate in
        guard !environment.countsInstructions, estimate.seconds > 60 || profile == .thorough else { return }
        complain("this will take about \(estimate.text)")
      }
      study.traced = drainProcess
      if !options.scenario.isEmpty {
        study.scenarios = LossScenario.all.filter { options.scenario.contains($0.name) }
        study.isLossesOnly = true
      }
      let findings = try study(on: backends)
      let description = RunDescription(
        toolVersion: Version.current, command: ProgramArguments.all, profile: options.profile.rawValue, seed: seed,
        startedAt: begin.formatted(.iso8601), seconds: Date().timeIntervalSince(begin))
      return StudyResults(
        judging: StudyRecords(run: description, environment: environment, findings: findings),
        by: Backends.judges)
    }
  }

  /// Reports the skipped and the failed back ends.
  private func tellSkipped(_ results: StudyResults) {
    for backend in results.backends where backend.status != .ran {
      complainOf(
        backend.name, backend.status.rawValue,
        reason: backend.reason ?? "no reason "
          + "recorded", remedy: backend.remedy ?? ""
      )
    }
  }
}
