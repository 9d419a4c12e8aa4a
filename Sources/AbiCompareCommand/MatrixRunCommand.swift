import ArgumentParser
import Platform
import Report
import Study
import SubbufferSource
import VirtualMachine

/// `abi-compare matrix run`.
struct MatrixRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Make the study on several kernels, each in a virtual machine, and compare them.",
    discussion: """
      Results of each kernel are in a directory of its own, with their report; matrix.md and matrix.json are the comparison. \
      Versions that the directory has already are not made again. One that fails is reported, and the others go on. Exit \
      code 1 if a version failed, 4 if there are no results at all.
      """)

  @Option(
    help: ArgumentHelp(
      "A kernel, such as 6.12.95 or 7.3; may be repeated. By default the newest of each minor release in Debian's archive.",
      valueName: "version"))
  var kernel: [String] = []

  @OptionGroup var study: StudyOptions

  @OptionGroup var archive: VMArchiveOptions

  @Option(help: ArgumentHelp("Directory for the results of each kernel and the matrix.", valueName: "dir"))
  var out = "abi-compare-matrix"

  @Option(
    help: ArgumentHelp(
      "The number of virtual machines at a time; by default that of the CPUs that this process may use.",
      valueName: "n"))
  var jobs: Int?

  @Flag(help: "Make new images without lttng-modules: no compiler is needed.")
  var withoutModules = false

  @OptionGroup var guest: VMGuestOptions

  func validate() throws {
    try OutputDirectory.validate(out)
    if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs: must be a number from 1 to 256") }
    for version in kernel where version.isEmpty || version.contains("/") {
      throw ValidationError("--kernel: \(version.isEmpty ? "the value is empty" : "\(version) is not a version")")
    }
  }

  func run() throws {
    let directory = try OutputDirectory(preparing: out, room: OutputDirectory.roomOfRun)
    Interruption.install()
    PipedProcess.becomeSubreaper()
    try Backends.removeAbandoned()
    let progress = ProgressLine()
    defer { progress.end() }
    var run = MatrixStudy(options: self, directory: directory.path, progress: progress)
    try orSignal { () throws(SourceError) in try run.make() }
    progress.end()
    let results = try run.stored()
    // A matrix of failures alone is written too: one that it is merged with names them.
    try MatrixCommand.write(VersionMatrix(results, failures: run.failures), to: directory)
    guard !results.isEmpty else {
      complain("no version has results")
      throw ExitCode.allSkipped
    }
    if !run.failures.isEmpty { throw ExitCode.broken }
  }
}
