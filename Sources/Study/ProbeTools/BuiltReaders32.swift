import Glibc
import Platform
import SubbufferSource
import SystemPackage

/// The programs with words of 32 bits that read ring buffers, built with the first compiler that can, in a directory that
/// goes with the value.
public final class BuiltReaders32 {
  private let directory: String
  private let programs: [Reader32.Program]

  private static let compilers = ["clang", "gcc", "cc"]
  // No library and no start-up code: none of 32 bits need be installed.
  private static let options = [
    "-m32", "-ffreestanding", "-nostdlib", "-static", "-no-pie", "-fno-pic", "-fno-stack-protector",
    "-fcf-protection=none", "-fno-asynchronous-unwind-tables", "-O1", "-w",
  ]

  /// Builds them.
  /// - Throws: ``SourceError`` where no compiler is found or none can.
  public init(_ programs: [Reader32.Program]) throws(SourceError) {
    self.programs = programs
    var template = Array(OwnedDirectory.template.utf8CString)
    let made = mkdtemp(&template) != nil
    directory = template.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    guard made else { throw SourceError(call: "mkdtemp in \(OwnedDirectory.parent)", errno: Errno(rawValue: errno)) }
    try write(PackageResources.calls32_h, to: "\(directory)/calls32.h")
    for program in programs { try compile(program) }
  }

  deinit {
    if let descriptor = OwnedDirectory.open(AT_FDCWD, directory) {
      OwnedDirectory.removeFiles(of: descriptor)
      close(descriptor)
    }
    rmdir(directory)
  }

  /// The paths of all.
  public var paths: [String] { programs.map(path(of:)) }

  func path(of program: Reader32.Program) -> String { "\(directory)/\(program.name)" }

  /// Removes the directories of dead owners, with what compilers left in them.
  /// - Returns: the paths of those that were removed.
  package static func removeAbandoned() -> [String] {
    OwnedDirectory.removeAbandoned(OwnedDirectory.removeFiles(of:))
  }

  private func write(_ text: [UInt8], to path: String) throws(SourceError) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw SourceError(call: "open \(path)", errno: Errno(rawValue: errno)) }
    defer { close(file) }
    guard Glibc.write(file, text, text.count) == text.count else {
      throw SourceError(call: "write \(path)", errno: Errno(rawValue: errno))
    }
  }

  private func compile(_ program: Reader32.Program) throws(SourceError) {
    let source = "\(directory)/\(program.name).c"
    try write(program.source, to: source)
    var reasons: [String] = []
    for compiler in Self.compilers {
      guard let tool = InstalledTool(compiler)?.path else { continue }
      let process = try PipedProcess(
        executable: tool, arguments: Self.options + ["-o", path(of: program), source],
        environment: ["TMPDIR": directory], longestLine: 1 << 16, ownGroup: true)
      while case .line = try process.nextLine(10_000) {}
      let ending = process.howItEnded()
      if ending == .status(0) { return }
      reasons.append("\(compiler): \(ending.text) \(process.diagnosticsText)")
    }
    throw SourceError(
      .unavailable, call: "build a program of 32 bits",
      detail: reasons.isEmpty ? "clang, gcc and cc are missing" : reasons.joined(separator: "; "),
      remedy: "install clang or gcc, on an x86-64 machine")
  }
}
