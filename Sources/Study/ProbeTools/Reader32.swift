import Glibc
import Platform
import SubbufferSource
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
