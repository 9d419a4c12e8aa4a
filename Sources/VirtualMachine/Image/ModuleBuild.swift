import Foundation
import SubbufferSource

/// Builds modules with the compiler that built the kernel.
struct ModuleBuild {
  static let remedy =
    "this lttng-modules may not support this kernel: choose another with --kernel, or make an image without "
    + "lttng-modules: --without-modules"

  /// The sources.
  let sources: ModuleSources
  /// The compiler as the kernel's configuration names it, and its command: `gcc-12`.
  let compiler: (text: String, command: String)
  /// The root directory that has the compiler and contains the sources; `nil` for that of this machine.
  var root: BuildRoot?
  /// The path of the file that keeps the output of make.
  let log: String
  /// The directory of the compiler's temporary files.
  let temporary: String

  /// Looks for the compiler that a configuration names on this machine.
  /// - Parameter config: the path of a kernel's configuration.
  /// - Throws: ``SourceError`` of kind `unavailable` where it is not installed.
  static func check(config: String) throws(SourceError) {
    let (text, command) = compiler(in: try HostFiles.text(config))
    guard InstalledPrograms.has(command) else {
      throw SourceError(
        .unavailable, call: "build the modules", detail: "the kernel was built by \(text), and \(command) is missing",
        remedy: "apt-get install \(command)")
    }
  }

  /// Looks whether make can build in a directory: it takes white space, colons and more in a path for its own.
  /// - Throws: ``SourceError`` of kind `usage`.
  static func check(directory: String) throws(SourceError) {
    let taken = directory.first { !$0.isLetter && !$0.isNumber && !"/._-+@,=".contains($0) }
    guard let taken else { return }
    throw SourceError(
      .usage, call: "build an image in \(directory)",
      detail: "make cannot build in a path that contains '\(taken)'", remedy: "choose another directory with --cache")
  }

  /// The compiler that a configuration names, and its command; `gcc` where it names none.
  static func compiler(in config: String) -> (text: String, command: String) {
    let line = config.split(separator: "\n").first { $0.hasPrefix("CONFIG_CC_VERSION_TEXT=") }
    let text = line.map { String($0.dropFirst("CONFIG_CC_VERSION_TEXT=".count).filter { $0 != "\"" }) } ?? "gcc"
    let first = text.split(separator: " ").first.map(String.init) ?? "gcc"
    let command = first.hasPrefix("x86_64-linux-gnu-") ? String(first.dropFirst("x86_64-linux-gnu-".count)) : first
    return (text, command)
  }

  /// Runs make.
  /// - Returns: the modules to load, in order.
  /// - Throws: ``SourceError`` with the first error of the compiler, where a module does not build.
  func build() throws(SourceError) -> [ModuleFile] {
    let (headers, modules) = (inRoot(sources.headers), inRoot(sources.sources))
    // Source lines in messages of a module are named without its build directory.
    let flags = "-g0 -ffile-prefix-map=\(modules)/="
    let arguments = [
      "-C", headers, "M=\(modules)/src", "modules", "CONFIG_LTTNG=m", "KCFLAGS=\(flags)", "CC=\(compiler.command)",
      "-j\(ProcessInfo.processInfo.activeProcessorCount)",
    ]
    let step = "build the modules"
    let make =
      root?.program(step, ["make"] + arguments, remedy: ModuleBuild.remedy)
      ?? HostProgram(
        step: step, name: "make", arguments: arguments, environment: ["LC_ALL": "C", "TMPDIR": temporary],
        remedy: ModuleBuild.remedy, package: "make")
    try make.run(log: log, within: 3_600) { $0.contains("error:") || $0.contains("***") }
    return try ModuleFile.inOrder(ModuleSources.modules, of: sources.built())
  }

  private func inRoot(_ path: String) -> String { root.map { String(path.dropFirst($0.path.count)) } ?? path }
}

/// Programs that may be installed.
enum InstalledPrograms {
  /// `true` if a program is on the `PATH`.
  static func has(_ name: String) -> Bool { (try? HostProgram.path(name, package: name, step: "")) != nil }
}
