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

/// The file of a kernel module.
struct ModuleFile {
  /// Its path.
  let path: String
  /// The modules that have to be loaded before it: the entry `depends=` of its section `.modinfo`, which modpost writes
  /// (scripts/mod/modpost.c).
  let depends: [String]

  /// Reads a module.
  init(_ path: String) throws(SourceError) {
    self.path = path
    let bytes = try HostFiles.read(path)
    guard let entry = bytes.range(of: Data("\0depends=".utf8)) else {
      depends = []
      return
    }
    let text = String(decoding: bytes[entry.upperBound...].prefix { $0 != 0 }.prefix(4096), as: UTF8.self)
    depends = text.split(separator: ",").map(String.init)
  }

  /// The name by which it is loaded.
  var name: String { ((path as NSString).lastPathComponent as NSString).deletingPathExtension }

  /// The modules to load, in order: each after those that it depends on.
  /// - Parameters:
  ///   - roots: the names of the modules that are needed for themselves.
  ///   - files: the modules that were built.
  /// - Throws: ``SourceError`` if one of the roots was not built.
  static func inOrder(_ roots: [String], of files: [ModuleFile]) throws(SourceError) -> [ModuleFile] {
    // The kernel takes a dash in a name for an underscore.
    let key = { (name: String) in name.replacing("-", with: "_") }
    let known = Dictionary(files.map { (key($0.name), $0) }, uniquingKeysWith: { first, _ in first })
    var (ordered, seen): ([ModuleFile], Set<String>) = ([], [])
    func add(_ file: ModuleFile) {
      guard seen.insert(key(file.name)).inserted else { return }
      for dependency in file.depends { known[key(dependency)].map(add) }
      ordered.append(file)
    }
    for root in roots {
      guard let file = known[key(root)] else {
        throw SourceError(
          call: "build the modules", detail: "make did not create \(root).ko", remedy: ModuleBuild.remedy)
      }
      add(file)
    }
    return ordered
  }
}

/// The sources of lttng-modules and the headers of a kernel, unpacked somewhere, made fit for a build there.
struct ModuleSources {
  /// The directory that is given to make as the kernel's.
  let headers: String
  /// The directory of lttng-modules.
  let sources: String

  /// The modules that a reader needs; they depend on others.
  static let modules = [
    "lttng-tracer", "lttng-ring-buffer-client-mmap-discard", "lttng-ring-buffer-client-mmap-overwrite",
  ]

  /// The modules that were built.
  func built() throws(SourceError) -> [ModuleFile] {
    let files = FileManager.default.enumerator(atPath: sources)
    var modules: [ModuleFile] = []
    while let name = files?.nextObject() as? String {
      if name.hasSuffix(".ko") { modules.append(try ModuleFile("\(sources)/\(name)")) }
    }
    return modules
  }

  /// Leaves out what is not needed: up to 2.15 `lttng-tracer` depends on three modules of `src/probes`, later ones on none;
  /// the others do not compile against every kernel.
  func prepare() throws(SourceError) {
    let probes = ["lttng-kprobes", "lttng-kretprobes", "lttng-uprobes"].filter {
      FileManager.default.fileExists(atPath: "\(sources)/src/probes/\($0).c")
    }
    try rewrite("\(sources)/src/probes/Kbuild") { ModuleSources.reducedProbes($0, to: probes) }
    try rewrite("\(sources)/src/Kbuild") { text in
      text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("tests/") }
        .joined(separator: "\n")
    }
  }

  /// Points the headers of a Debian package, which expect to lie in `/usr/src`, to where they were unpacked.
  /// - Parameter root: the directory that stands for `/`.
  func relocate(to root: String) throws(SourceError) {
    try rewrite("\(headers)/Makefile") { ModuleSources.relocated($0, to: root) }
  }

  /// Hides a `vmlinux`, for which the build would want pahole.
  func hideVmlinux() throws(SourceError) {
    let vmlinux = "\(headers)/vmlinux"
    if FileManager.default.fileExists(atPath: vmlinux) {
      try HostFiles.told("rename \(vmlinux)") {
        try FileManager.default.moveItem(atPath: vmlinux, toPath: "\(vmlinux).hidden")
      }
    }
  }

  /// A Makefile whose absolute includes of `/usr/src` lie below `root`.
  static func relocated(_ makefile: String, to root: String) -> String {
    makefile.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("include /usr/src/") ? "include \(root)\($0.dropFirst("include ".count))" : String($0) }
      .joined(separator: "\n")
  }

  /// The Kbuild of the probes with those alone that the tracer needs; lines that make no probe stay.
  static func reducedProbes(_ kbuild: String, to probes: [String]) -> String {
    let kept = kbuild.split(separator: "\n", omittingEmptySubsequences: false).filter {
      $0.hasPrefix("TOP_LTTNG_MODULES_DIR") || $0.hasPrefix("include ") || $0.hasPrefix("ccflags-y")
        || $0.hasPrefix("#")
    }
    let objects = probes.isEmpty ? [] : ["obj-$(CONFIG_LTTNG) += \(probes.map { "\($0).o" }.joined(separator: " "))"]
    return (kept.map(String.init) + objects + [""]).joined(separator: "\n")
  }

  private func rewrite(_ path: String, _ change: (String) -> String) throws(SourceError) {
    try HostFiles.write(Data(change(HostFiles.text(path)).utf8), to: path)
  }
}
