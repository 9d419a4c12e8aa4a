import Foundation
import SubbufferSource

/// The shared libraries that programs need, by the paths at which the dynamic loader finds them here.
enum SharedLibraries {
  /// The dynamic loader of x86-64.
  static let loader = "/lib64/ld-linux-x86-64.so.2"

  /// Libraries loaded by name at run time, which the loader does not list: the library of LTTng-UST and its own.
  static let loadedByName = [
    "liblttng-ust-ctl.so.5", "liburcu.so.8", "liburcu-common.so.8", "liburcu-cds.so.8", "liburcu-bp.so.8",
  ]

  /// The directories of libraries loaded by name; the loader looks there without a cache.
  private static let directories = [
    "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib",
  ]

  /// The paths of all libraries of programs, the loader included; none of a static program.
  static func of(_ programs: [String]) throws(SourceError) -> Set<String> {
    guard FileManager.default.fileExists(atPath: loader) else { return [] }
    var found: Set<String> = []
    for program in programs + byName() {
      found.formUnion(
        listed(
          try HostProgram(
            step: "look for the libraries of \(program)", name: loader, arguments: ["--list", program],
            remedy: "build all products: swift build", package: "libc6"
          ).lines(within: 60)))
    }
    return found.union(byName())
  }

  /// The libraries that are loaded by name, where they are.
  private static func byName() -> [String] {
    loadedByName.compactMap { name in
      directories.map { "\($0)/\(name)" }.first { FileManager.default.fileExists(atPath: $0) }
    }
  }

  /// The paths in what the loader lists: `name => /path (address)`, or `/path (address)`.
  static func listed(_ lines: [String]) -> [String] {
    lines.compactMap { line in
      let words = line.split(whereSeparator: \.isWhitespace)
      if let arrow = words.firstIndex(of: "=>"), arrow + 1 < words.count { return String(words[arrow + 1]) }
      return words.first.flatMap { $0.hasPrefix("/") ? String($0) : nil }
    }.filter { $0.hasPrefix("/") }
  }
}
