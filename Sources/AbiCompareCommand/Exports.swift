import ArgumentParser
import Foundation
import Glibc
import Report
import Results
import Study

/// The options that write a report or results somewhere else too.
struct Exports: ParsableArguments {
  @Option(help: ArgumentHelp("Also write the report to a file; - is standard output.", valueName: "file"))
  var exportMarkdown: String?

  @Option(help: ArgumentHelp("Also write the results to a file; - is standard output.", valueName: "file"))
  var exportJson: String?

  @Option(
    help: ArgumentHelp("Also write the outcomes to a file, as KTAP version 1; - is standard output.", valueName: "file")
  )
  var ktap: String?

  private var files: [String] { [exportMarkdown, exportJson, ktap].compactMap(\.self) }

  /// `true` if anything is asked for.
  var areAskedFor: Bool { !files.isEmpty }

  /// `true` if anything goes to standard output.
  var useStandardOutput: Bool { files.contains("-") }

  func validate() throws {
    for (option, file) in [("--export-markdown", exportMarkdown), ("--export-json", exportJson), ("--ktap", ktap)]
    where file?.isEmpty == true {
      throw ValidationError("\(option): the name is empty; - is standard output")
    }
    if files.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("only one of --export-markdown, --export-json and --ktap can go to standard output")
    }
  }

  /// Checks that no export replaces another, one of these files, or a file that a report in a directory may have.
  /// - Throws: `ValidationError` with the file.
  func keepApart(from others: [String] = [], reportIn directory: String?) throws {
    var taken = Set(others.map(Exports.resolved))
    let report = directory.map(Exports.resolved)
    for file in files where file != "-" {
      let path = Exports.resolved(file)
      guard taken.insert(path).inserted else {
        throw ValidationError("\(file) would be overwritten; choose another file")
      }
      guard let report, AtomicFile.parent(of: path) == report else { continue }
      if ReportFiles.mayWrite(URL(filePath: path).lastPathComponent) {
        throw ValidationError("\(file) may be a file of the report; choose another file or directory")
      }
    }
  }

  /// The path without links, also of a file that is missing.
  private static func resolved(_ path: String) -> String {
    if let real = real(path) { return real }
    let standard = URL(filePath: path).standardizedFileURL
    let parent = AtomicFile.parent(of: standard.path)
    return "\(real(parent) ?? parent)/\(standard.lastPathComponent)"
  }

  private static func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// Opens all that is asked for, or checks that it can be made.
  /// - Throws: `ExitCode.cannotWrite` after a message.
  func open() throws -> OpenedExports {
    OpenedExports(
      markdown: try exportMarkdown.map(ExportFile.init), json: try exportJson.map(ExportFile.init),
      ktap: try ktap.map(ExportFile.init))
  }
}

/// The files of the exports that are asked for.
struct OpenedExports {
  var markdown: ExportFile?
  var json: ExportFile?
  var ktap: ExportFile?

  /// Writes all.
  /// - Parameter matrix: other versions, of which the findings say whether they have them.
  /// - Throws: `ExitCode.cannotWrite` after a message.
  func write(_ results: StudyResults, _ matrix: VersionMatrix? = nil) throws {
    try orCannotWrite {
      try markdown?.write(Data(MarkdownReport.frontPage(results, Backends.wording, matrix: matrix).utf8))
      try json?.write(try ResultsFile.encode(results.records))
      try ktap?.write(Data(KTAPReport.render(results).utf8))
    }
  }
}

/// Runs something that writes files; reports the reason if it fails.
/// - Throws: `ExitCode.cannotWrite` after a message.
@discardableResult
func orCannotWrite<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch {
    complain("\(error)")
    throw ExitCode.cannotWrite
  }
}

/// A file to which something is exported, tried before anything is measured.
final class ExportFile {
  private let path: String
  /// A device or a pipe is open from the start: a FIFO without a reader would block, and one that is closed ends its
  /// reader.
  private let stream: Int32?

  /// Opens a device or a pipe, and checks that a file can be made otherwise; `-` is standard output.
  /// - Throws: `ExitCode.cannotWrite` after a message.
  init(_ path: String) throws {
    self.path = path
    if path == "-" {
      stream = nil
      return
    }
    let target = try orCannotWrite { try AtomicFile.followed(path) }
    var status = stat()
    if stat(target, &status) != 0, errno != ENOENT { throw ExportFile.refused(path, errno) }
    switch status.st_mode & S_IFMT {
    case 0, S_IFREG:
      stream = nil
      try OutputDirectory.check(directory: AtomicFile.parent(of: target))
    case S_IFDIR: throw ExportFile.refused(path, EISDIR)
    default:
      let descriptor = open(target, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { throw ExportFile.refused(path, errno) }
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
      stream = descriptor
    }
  }

  deinit {
    if let stream { close(stream) }
  }

  /// Writes the contents.
  /// - Throws: `FileError`.
  func write(_ contents: Data) throws(FileError) {
    if path == "-" { return try StandardOutput.write(contents) }
    guard let stream else { return try AtomicFile.write(contents, to: path) }
    try StandardOutput.write(contents, to: stream, path: path)
  }

  private static func refused(_ path: String, _ code: Int32) -> ExitCode {
    let why = code == ENXIO ? "the pipe has no reader" : String(cString: strerror(code))
    complain("write to \(path): \(why); choose another file")
    return .cannotWrite
  }
}
