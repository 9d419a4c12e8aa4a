import ArgumentParser
import Platform
import Report
import Results
import Study
import SubbufferSource
import VirtualMachine

/// `abi-compare matrix`.
struct MatrixCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "matrix", abstract: "Compare versions of the ABIs: when did an answer change?",
    subcommands: [MatrixRunCommand.self, MatrixMergeCommand.self], defaultSubcommand: MatrixRunCommand.self)

  /// Writes the files of a matrix, and prints the path of its page.
  /// - Throws: `ExitCode.cannotWrite` after a message.
  static func write(_ matrix: VersionMatrix, to directory: OutputDirectory) throws {
    try orCannotWrite { try MatrixFiles.write(matrix, Backends.wording, to: directory.path) }
    try say("\(directory.path)/\(MatrixFiles.page)")
  }
}

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

/// `abi-compare matrix merge`.
struct MatrixMergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Merge results of several versions, made anywhere, into the pages of a matrix.",
    discussion: """
      Takes results.json and matrix.json files in any order, and writes matrix.json, matrix.md and matrix-unchanged.md. \
      Results are judged again by this program; those in a matrix.json were judged when it was made. The output may be merged \
      again, also into itself.
      """)

  @Argument(help: "results.json files of runs, and matrix.json files.")
  var files: [String]

  @Option(help: ArgumentHelp("Directory for matrix.md, matrix-unchanged.md and matrix.json.", valueName: "dir"))
  var out: String

  func validate() throws {
    if files.isEmpty { throw ValidationError("name a results.json or matrix.json file") }
    try OutputDirectory.validate(out)
  }

  func run() throws {
    // One after the other: results are large, and what a matrix takes of them is small.
    let matrices = try files.map(StoredResults.readMatrix)
    try MatrixCommand.write(VersionMatrix(merging: matrices), to: OutputDirectory(preparing: out))
  }
}

/// The option that names a matrix of other versions.
struct MatrixOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A matrix.json: the findings of the report name the other versions that have them, and those that do not.",
      valueName: "file"))
  var matrix: String?

  func validate() throws {
    if matrix?.isEmpty == true { throw ValidationError("--matrix: the name is empty") }
  }

  /// Reads the matrix; `nil` if none is named.
  /// - Throws: `ExitCode.noResults` or `ExitCode.badResults` after a message.
  func read() throws -> VersionMatrix? { try matrix.map(StoredResults.readMatrix) }
}
