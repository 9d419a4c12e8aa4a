import ArgumentParser
import Foundation
import Report
import StudiedBackends
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

  @OptionGroup var exports: Exports

  @OptionGroup var strictness: Strictness

  private static let backends = ["tracefs", "lttng-modules", "lttng-ust"]

  func validate() throws {
    try OutputDirectory.validate(out)
    try exports.keepApart(reportIn: out)
  }

  func run() throws {
    if let parent { PipedProcess.endWithParent(parent) }
    let directory = try OutputDirectory(preparing: out, room: OutputDirectory.roomOfRun)
    let opened = try exports.open()
    Interruption.install()
    PipedProcess.becomeSubreaper()
    let progress = ProgressLine(inLines: progressLines)
    defer { progress.end() }
    try BackendCatalogue.removeAbandoned()
    let results = try orSignal { () throws(SourceError) in
      let image = try images.image(progress)
      var machine = VirtualMachine(
        image, step: { progress.showStep($0) }, complain: { complain($0) },
        program: { line in
          // Messages of the program in the guest are printed; its progress is shown.
          if line.hasPrefix("abi-compare: ") { complain(String(line.dropFirst(13))) } else { progress.show(line) }
        })
      machine.accelerator = guest.accel
      machine.qemu = guest.qemu
      machine.limits.silence = guest.silence
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
    let stored = try StoredResults.read("\(directory.path)/results.json")
    try opened.write(stored)
    if !exports.useStandardOutput { try say("\(directory.path)/report.md") }
    try strictness.exit(with: stored)
  }

  private func builtReaders() -> BuiltReaders32? {
    do throws(SourceError) {
      return try BuiltReaders32()
    } catch {
      complain("continuing without 32-bit readers: \(error)")
      return nil
    }
  }

  /// This program and what it needs, with the options of the study.
  private func task(_ readers: BuiltReaders32?) -> GuestTask {
    let arguments =
      ["run", "--progress-lines"]
      + study.arguments(backends: study.backend.isEmpty ? VMRunCommand.backends : study.backend)
    let producers = ProducerExecutable.allCases.compactMap { try? $0.path() }
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/proc/self/exe"
    return GuestTask(
      program: program, companions: producers, staticCompanions: readers?.paths ?? [], arguments: arguments)
  }
}
