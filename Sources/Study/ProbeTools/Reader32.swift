import Glibc
import Platform
import SubbufferSource
import SystemPackage
import Workload

/// A program with words of 32 bits that reads a ring buffer: the one next to this program where there is one, as in a
/// virtual machine, else one that is built for it.
public final class Reader32 {
  private let path: String
  // Holds what was built until the last run.
  private let built: BuiltReaders32?

  /// Finds or builds it.
  /// - Throws: ``SourceError`` where no compiler is found or none can.
  package init(_ program: Program) throws(SourceError) {
    let beside = "\(ProducerExecutable.directory)/\(program.name)"
    if access(beside, X_OK) == 0 {
      (path, built) = (beside, nil)
    } else {
      let readers = try BuiltReaders32([program])
      (path, built) = (readers.path(of: program), readers)
    }
  }

  /// A program and its source, which includes `calls32.h`.
  public struct Program: Sendable {
    package let name: String
    package let source: [UInt8]

    /// A program.
    /// - Parameter source: the text of its C source.
    public init(name: String, source: [UInt8]) {
      (self.name, self.source) = (name, source)
    }
  }

  /// Runs it on a ring buffer.
  /// - Parameters:
  ///   - arguments: its arguments.
  ///   - descriptor: what it is given as file descriptor 3.
  /// - Throws: ``SourceError`` where the kernel does not run it, or it does not come to its end.
  package func run(_ arguments: [String] = [], with descriptor: Int32? = nil) throws(SourceError) -> Said {
    let process = try PipedProcess(
      executable: path, arguments: arguments, longestLine: 4096, descriptor: descriptor)
    var said = Said()
    while case .line(let line) = try process.nextLine(5_000) {
      let words = line.split(separator: " ")
      guard words.count == 2, let value = UInt64(words[1], radix: 16) else { break }
      said.values.append((String(words[0]), value))
    }
    guard said.values.last?.0 == "end" else {
      throw SourceError(
        .unavailable, call: "run a program of 32 bits",
        detail: "\(process.howItEnded().text); its output: \(said.values.map { "\($0.0) \($0.1)" })",
        remedy: "use a kernel that runs 32-bit programs: CONFIG_IA32_EMULATION, ia32_emulation=on")
    }
    return said
  }

  /// The lines of its output, in order.
  package struct Said {
    fileprivate(set) var values: [(String, UInt64)] = []

    /// The first value by a name.
    package subscript(name: String) -> UInt64 { values.first { $0.0 == name }?.1 ?? 0 }

    /// The return value of a call, 0 or the name of an errno; "not called" if the call was not reached.
    package func result(_ name: String) -> String {
      guard values.contains(where: { $0.0 == name }) else { return "not called" }
      return ErrnoName.result(Int32(truncatingIfNeeded: self[name]))
    }

    /// Fields with their values, by the names that it gives them.
    package func text(_ fields: [String]) -> String { fields.map { "\($0) \(self[$0])" }.joined(separator: ", ") }

    /// The events it found, as ``asRange`` writes them.
    package var events: String {
      let count = self["events"]
      return count == 0 ? "none" : "\(self["first"]) … \(self["last"]) (\(count))"
    }
  }
}

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
