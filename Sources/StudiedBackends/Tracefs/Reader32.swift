import Glibc
import Ownership
import Study
import SubbufferSource
import SystemPackage
import Workload

/// The program `Reader32/reader32.c`, built with the first compiler that can: a reader of the ring buffer with words of
/// 32 bits. Its directory goes with the value.
final class Reader32 {
  private let directory: String

  private static let compilers = ["clang", "gcc", "cc"]
  // No library and no start-up code: none of 32 bits need be installed.
  private static let options = [
    "-m32", "-ffreestanding", "-nostdlib", "-static", "-no-pie", "-fno-pic", "-fno-stack-protector",
    "-fcf-protection=none", "-fno-asynchronous-unwind-tables", "-O1", "-w",
  ]

  /// Builds it.
  /// - Throws: ``SourceError`` where no compiler is found or none can.
  init() throws(SourceError) {
    var template = Array(OwnedDirectory.template.utf8CString)
    let made = mkdtemp(&template) != nil
    directory = template.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    guard made else { throw SourceError(call: "mkdtemp in \(OwnedDirectory.parent)", errno: Errno(rawValue: errno)) }
    try writeSource()
    try compile()
  }

  deinit {
    for name in Self.files { unlink("\(directory)/\(name)") }
    rmdir(directory)
  }

  private static let files = ["reader32.c", "reader32"]

  /// Removes the directories that owners left who do not run any more.
  /// - Returns: the paths of those that were removed.
  static func removeAbandoned() -> [String] {
    OwnedDirectory.removeAbandoned { directory in
      for name in files { unlinkat(directory, name, 0) }
    }
  }

  private var program: String { "\(directory)/reader32" }
  private var source: String { "\(directory)/reader32.c" }

  private func writeSource() throws(SourceError) {
    let file = open(source, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw SourceError(call: "open \(source)", errno: Errno(rawValue: errno)) }
    defer { close(file) }
    let text = PackageResources.reader32_c
    guard write(file, text, text.count) == text.count else {
      throw SourceError(call: "write \(source)", errno: Errno(rawValue: errno))
    }
  }

  private func compile() throws(SourceError) {
    var reasons: [String] = []
    for compiler in Self.compilers {
      guard let path = InstalledTool(compiler)?.path else { continue }
      let process = try PipedProcess(
        executable: path, arguments: Self.options + ["-o", program, source], longestLine: 1 << 16)
      while case .line = try process.nextLine(10_000) {}
      let ending = process.howItEnded()
      if ending == .status(0) { return }
      reasons.append("\(compiler): \(ending.text) \(process.diagnosticsText)")
    }
    throw SourceError(
      .unavailable, call: "build a program of 32 bits",
      detail: reasons.isEmpty ? "none of clang, gcc and cc was found" : reasons.joined(separator: "; "),
      remedy: "install clang or gcc; the machine has to be an x86-64")
  }

  /// Runs it on a ring buffer.
  /// - Throws: ``SourceError`` where the kernel does not run it, or it does not come to its end.
  func run(on path: String) throws(SourceError) -> Said {
    let process = try PipedProcess(executable: program, arguments: [path], longestLine: 4096)
    var said = Said()
    while case .line(let line) = try process.nextLine(5_000) {
      let words = line.split(separator: " ")
      guard words.count == 2, let value = UInt64(words[1], radix: 16) else { break }
      said.values.append((String(words[0]), value))
    }
    guard said.values.last?.0 == "end" else {
      throw SourceError(
        .unavailable, call: "run a program of 32 bits",
        detail: "\(process.howItEnded().text); it said \(said.values.map { "\($0.0) \($0.1)" })",
        remedy: "the kernel has to run programs of 32 bits: CONFIG_IA32_EMULATION, ia32_emulation=on")
    }
    return said
  }

  /// What it said, in order.
  struct Said {
    fileprivate(set) var values: [(String, UInt64)] = []

    /// The first value by a name.
    subscript(name: String) -> UInt64 { values.first { $0.0 == name }?.1 ?? 0 }

    /// What a call returned: 0 or a negative errno.
    func result(_ name: String) -> Int32 { Int32(truncatingIfNeeded: self[name]) }

    /// The meta page, as ``MetaPage/fieldsText`` writes it.
    var metaPage: String {
      ["meta_struct_len", "subbuf_size", "nr_subbufs", "reader.id", "reader.read", "entries", "overrun", "read"]
        .map { "\($0) \(self[$0])" }.joined(separator: ", ")
    }

    /// The events it found, as ``asRange`` writes them.
    var events: String {
      let count = self["events"]
      return count == 0 ? "none" : "\(self["first"]) … \(self["last"]) (\(count))"
    }
  }
}
