import Foundation
import Glibc
import Platform
import Study
import SubbufferSource
import SystemPackage

/// The task of a guest after its boot: it runs this program with its producers.
package struct GuestTask: Sendable {
  /// The path of the program.
  package var program: String
  /// Programs that it needs beside itself, where they are there.
  package var companions: [String]
  /// Programs that it needs beside itself and that need no library.
  package var staticCompanions: [String]
  /// Its arguments, but for where it writes its report: ``outputDirectory``.
  package var arguments: [String]
  /// The form of its output.
  package var output: Output

  /// The form of a program's output.
  package enum Output: Sendable {
    /// Files in ``outputDirectory``, which the guest brings out; its standard error is shown line by line.
    case files
    /// Lines of its standard output, which are shown as they come.
    case lines
  }

  /// The directory whose contents the guest brings out.
  package static let outputDirectory = "/out"

  /// Describes a task.
  package init(
    program: String, companions: [String], staticCompanions: [String] = [], arguments: [String],
    output: Output = .files
  ) {
    self.output = output
    self.program = program
    self.companions = companions
    self.staticCompanions = staticCompanions
    self.arguments = arguments
  }
}

/// The files of one guest, in a directory of their own that goes with the value.
final class GuestFiles {
  private let directory: String

  /// The initial file system of the guest.
  var initialFileSystem: String { "\(directory)/initrd" }
  /// The output of its kernel.
  var console: String { "\(directory)/console.log" }
  /// The archive that it leaves.
  var results: String { "\(directory)/results.tar" }
  /// The directory into which the results are unpacked.
  var unpacked: String { "\(directory)/results" }
  /// The output of tar.
  var log: String { "\(directory)/results.log" }

  /// The approximate number of bytes written.
  private static let neededDisk = 300_000_000

  init() throws(SourceError) {
    var template = Array(OwnedDirectory.template.utf8CString)
    guard mkdtemp(&template) != nil else {
      throw SourceError(call: "mkdtemp in \(OwnedDirectory.parent)", errno: Errno(rawValue: errno))
    }
    directory = template.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    if let free = HostFiles.free(at: directory), free < GuestFiles.neededDisk {
      rmdir(directory)
      throw SourceError(
        call: "boot a virtual machine", errno: .noSpace,
        detail: "\(free.inMegabytes) are free in \(OwnedDirectory.parent)",
        remedy: "\(GuestFiles.neededDisk.inMegabytes) are needed; choose another directory with TMPDIR")
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: directory)
  }

  /// Moves the archive that the guest left to where it stays.
  /// - Returns: its path; `nil` if there is none, or it cannot be moved.
  func keepResults() -> String? {
    let kept = "\(directory)-results.tar"
    return HostFiles.size(ofFile: results) > 0 && rename(results, kept) == 0 ? kept : nil
  }

  /// Removes what was left by programs that were killed.
  /// - Returns: the paths.
  static func removeAbandoned() -> [String] {
    OwnedDirectory.removeAbandoned { directory in
      OwnedDirectory.removeFiles(in: "results", of: directory)
      for name in ["initrd", "console.log", "results.tar", "results.log"] { unlinkat(directory, name, 0) }
    }
  }
}

/// The shared libraries that programs need, by the paths at which the dynamic loader finds them here.
enum SharedLibraries {
  /// The dynamic loader of x86-64.
  static let loader = "/lib64/ld-linux-x86-64.so.2"

  /// Libraries loaded by name at run time, which the loader does not list: the library of LTTng-UST, of either soname, and
  /// its own.
  static let loadedByName = [
    "liblttng-ust-ctl.so.5", "liblttng-ust-ctl.so.6", "liburcu.so.8", "liburcu-common.so.8", "liburcu-cds.so.8",
    "liburcu-bp.so.8",
  ]

  /// The directories of libraries loaded by name; the loader looks there without a cache.
  private static let directories = [
    "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib",
  ]

  /// The libraries of programs, the loader included; none of a static program.
  /// - Parameters:
  ///   - programs: the paths of the programs.
  ///   - userland: the C library and LTTng-UST that replace those of this machine.
  /// - Returns: the path of each file here, by its path in the guest.
  static func of(_ programs: [String], userland: Userland? = nil) throws(SourceError) -> [String: String] {
    var found: [String: String] = [:]
    if let userland {
      for name in userland.libraries { found["\(directories[1])/\(name)"] = "\(userland.directory)/\(name)" }
      found[loader] = userland.loader
    }
    let loader = userland?.loader ?? self.loader
    guard FileManager.default.fileExists(atPath: loader) else { return [:] }
    let named = userland == nil ? byName() : []
    for program in programs + named {
      let paths = try paths(
        of: program, loader: loader, libraries: userland?.directory, remedy: "build all products: swift build")
      for path in paths where userland.map({ !path.hasPrefix($0.directory) }) ?? true { found[path] = path }
    }
    for path in named { found[path] = path }
    return found
  }

  /// The paths of the libraries of a program, as a dynamic loader finds them.
  /// - Parameters:
  ///   - loader: the path of the loader.
  ///   - libraries: the directory in which it looks first; `nil` for those of the system.
  ///   - remedy: the remedy if a library is missing.
  static func paths(
    of program: String, loader: String, libraries: String?, remedy: String
  ) throws(SourceError) -> [String] {
    listed(
      try HostProgram(
        step: "look for the libraries of \(program)", name: loader,
        arguments: (libraries.map { ["--library-path", $0] } ?? []) + ["--list", program], remedy: remedy,
        package: "libc6"
      ).lines(within: 60))
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
