import Glibc
import Platform
import Study
import SubbufferSource
import SystemPackage

/// Holds the Swift layer against C, and says whether the limits are met.
@main
enum Bench {
  static func main() {
    do throws(SourceError) {
      let options = try Options(CommandLine.arguments.dropFirst())
      // Once it is pinned, a process may run on no other CPU.
      let placement = CPUPlacement.choose()
      try placement.pinReader()
      var run = BenchRun(options, placement)
      let rows = try run.rows()
      if options.isCheck {
        for row in rows { print("ran:", row.what) }
      } else {
        print(Table.text(rows))
        if rows.contains(where: { !$0.isMet }) { exit(1) }
      }
    } catch {
      _ = try? FileDescriptor.standardError.writeAll("abi-compare-bench: \(error)\n".utf8)
      exit(2)
    }
  }
}

/// What the command line asks for.
struct Options {
  /// Whether to do everything once or twice only, and to judge nothing.
  var isCheck = false
  /// What the order of the trials and the bootstrap are drawn from.
  var seed: UInt64 = 20_240_111
  /// The groups of rows to make; all where it is empty.
  var groups: Set<String> = []

  init(_ arguments: ArraySlice<String>) throws(SourceError) {
    var rest = arguments
    while let argument = rest.popFirst() {
      switch argument {
      case "--check": isCheck = true
      case "--seed":
        guard let text = rest.popFirst(), let number = UInt64(text) else { throw Options.usage("--seed") }
        seed = number
      case let group where BenchRun.groups.contains(group): groups.insert(group)
      default: throw Options.usage(argument)
      }
    }
  }

  private static func usage(_ argument: String) -> SourceError {
    SourceError(
      .usage, call: argument,
      remedy: "abi-compare-bench [--check] [--seed N] [\(BenchRun.groups.joined(separator: "|"))]...")
  }
}
