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

  @Option(
    help: ArgumentHelp(
      "The accelerator: kvm or tcg. By default KVM if the image boots with it, else TCG.", valueName: "name")
  )
  var accel: Accelerator?

  @Option(help: ArgumentHelp("The name or path of QEMU.", valueName: "program"))
  var qemu = VirtualMachine.defaultQEMU

  @Option(help: ArgumentHelp("The longest time without output of the guest, in seconds.", valueName: "s"))
  var silence = GuestLimits().silence

  @OptionGroup var exports: Exports

  @OptionGroup var strictness: Strictness

  private static let backends = ["tracefs", "lttng-modules", "lttng-ust"]

  func validate() throws {
    try OutputDirectory.validate(out)
    if qemu.isEmpty { throw ValidationError("--qemu: the value is empty") }
    if silence < 1 { throw ValidationError("--silence: must be 1 or more") }
    try exports.keepApart(reportIn: out)
  }

  func run() throws {
    let directory = try OutputDirectory(preparing: out, room: OutputDirectory.roomOfRun)
    let opened = try exports.open()
    Interruption.install()
    PipedProcess.becomeSubreaper()
    let progress = ProgressLine()
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
      machine.accelerator = accel
      machine.qemu = qemu
      machine.limits.silence = silence
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
    var arguments = ["run", "--progress-lines", "--profile", study.profile.rawValue, "--warmup", "\(study.warmup)"]
    for name in study.backend.isEmpty ? VMRunCommand.backends : study.backend { arguments += ["--backend", name] }
    for name in study.scenario { arguments += ["--scenario", name] }
    if let seed = study.seed { arguments += ["--seed", "\(seed)"] }
    if let runs = study.runs { arguments += ["--runs", "\(runs)"] }
    let producers = ProducerExecutable.allCases.compactMap { try? $0.path() }
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/proc/self/exe"
    return GuestTask(
      program: program, companions: producers, staticCompanions: readers?.paths ?? [], arguments: arguments)
  }
}

extension Accelerator: ExpressibleByArgument {}
