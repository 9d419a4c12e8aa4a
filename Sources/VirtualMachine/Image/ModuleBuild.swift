import Foundation
import SubbufferSource

/// Builds modules with the compiler that built the kernel.
struct ModuleBuild {
  private static let remedy =
    "this lttng-modules may not support this kernel: choose another with --kernel, or make an image without "
    + "lttng-modules: --without-modules"

  private let sources: ModuleSources
  private let log: String
  private let temporary: String
  /// The compiler as the kernel's configuration names it.
  let text: String
  /// The compiler's command: `gcc-12`.
  let command: String

  /// Finds the compiler.
  /// - Parameters:
  ///   - config: the path of the kernel's configuration; `nil` if it is missing.
  ///   - log: where what make says is kept.
  ///   - temporary: the directory of the compiler's temporary files.
  /// - Throws: ``SourceError`` of kind `unavailable` where it is not installed.
  init(sources: ModuleSources, config: String?, log: String, temporary: String) throws(SourceError) {
    self.sources = sources
    self.log = log
    self.temporary = temporary
    (text, command) = try ModuleBuild.check(config: config)
  }

  /// Looks for the compiler that a configuration names.
  /// - Parameter config: the path of the kernel's configuration.
  /// - Returns: the compiler as it is named, and its command.
  /// - Throws: ``SourceError`` of kind `unavailable` where it is not installed.
  @discardableResult
  static func check(config: String?) throws(SourceError) -> (text: String, command: String) {
    let (text, command) = compiler(in: try config.map(HostFiles.text) ?? "")
    guard InstalledPrograms.has(command) else {
      throw SourceError(
        .unavailable, call: "build the modules", detail: "the kernel was built by \(text), and \(command) is missing",
        remedy: "apt-get install \(command); or make an image without lttng-modules: --without-modules")
    }
    return (text, command)
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
  /// - Throws: ``SourceError`` with the first error of the compiler, where a module does not build.
  func build() throws(SourceError) {
    // Source lines in messages of a module are named without its build directory.
    let flags = "-g0 -ffile-prefix-map=\(sources.sources)/="
    let make = HostProgram(
      step: "build the modules", name: "make",
      arguments: [
        "-C", sources.headers, "M=\(sources.sources)/src", "modules", "CONFIG_LTTNG=m", "KCFLAGS=\(flags)",
        "CC=\(command)",
        "-j\(ProcessInfo.processInfo.activeProcessorCount)",
      ],
      environment: ["LC_ALL": "C", "TMPDIR": temporary],
      remedy: ModuleBuild.remedy, package: "make")
    try make.run(log: log, within: 1_800) { $0.contains("error:") }
    for module in ModuleSources.modules {
      let file = "\(sources.sources)/\(module.path)/\(module.name).ko"
      guard FileManager.default.fileExists(atPath: file) else {
        throw SourceError(
          call: "build the modules", detail: "make did not create \(module.name).ko",
          remedy: ModuleBuild.remedy)
      }
    }
  }
}

/// Programs that may be installed.
enum InstalledPrograms {
  /// `true` if a program is on the `PATH`.
  static func has(_ name: String) -> Bool { (try? HostProgram.path(name, package: name, step: "")) != nil }
}
