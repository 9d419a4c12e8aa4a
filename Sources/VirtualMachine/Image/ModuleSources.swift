import Foundation
import SubbufferSource

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
