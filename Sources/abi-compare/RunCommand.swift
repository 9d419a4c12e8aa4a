import ArgumentParser
import Foundation
import Report
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

  @Option(help: "The seed of the order in which trials alternate; by default a new one, which the report names.")
  var seed: UInt64?

  @OptionGroup var exports: Exports

  func validate() throws {
    _ = try BackendCatalogue.named(backend, producerCPU: 0)
  }

  func run() throws {
    let directory = try OutputDirectory(preparing: out)
    try exports.check()
    Interruption.install()
    BackendCatalogue.removeAbandoned()
    let results = try study()

    try orCannotWrite { _ = try ReportFiles.write(results, to: directory.path) }
    try exports.write(results)
    if !exports.useStandardOutput { try say("\(directory.path)/report.md") }
    try tellSkipped(results)
  }

  private func study() throws -> Results {
    let begin = Date()
    let placement = CPUPlacement.choose()
    let seed = seed ?? UInt64.random(in: 0..<UInt64(UInt32.max))
    let progress = ProgressLine()
    defer { progress.end() }
    do {
      try placement.pinReader()
      let environment = RunEnvironment.current(placement: placement)
      let study = StudyRun(
        profile: profile, seed: seed, producerCPU: placement.producer, progress: { progress.show($0) })
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

  /// Says what was skipped and what failed, and ends with the exit code that goes with it.
  private func tellSkipped(_ results: Results) throws {
    for backend in results.backends where backend.status != .ran {
      let remedy = backend.remedy.map { "; to enable it: \($0)" } ?? ""
      complain("\(backend.name) \(backend.status.rawValue): \(backend.reason ?? "no reason given")\(remedy)")
    }
    if results.backends.allSatisfy({ $0.status == .skipped }) { throw ExitCode.allSkipped }
    let isBroken =
      results.backends.contains { $0.status == .failed }
      || results.losses.contains { $0.duplicates > 0 || $0.reordered > 0 }
    if isBroken { throw ExitCode.broken }
  }
}

extension Profile: ExpressibleByArgument {}
