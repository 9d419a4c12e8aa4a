import Foundation
import SubbufferSource

/// The sources of lttng-modules and the headers of a kernel, unpacked somewhere, made fit for a build there.
struct ModuleSources {
  /// The directory that is given to make as the kernel's.
  let headers: String
  /// The directory of lttng-modules.
  let sources: String

  /// The modules, in the order in which they have to be loaded, and where they are built.
  static let modules: [(name: String, path: String)] = [
    ("lttng-wrapper", "src"), ("lttng-clock", "src"), ("lttng-lib-ring-buffer", "src/lib"), ("lttng-statedump", "src"),
    ("lttng-kprobes", "src/probes"), ("lttng-kretprobes", "src/probes"), ("lttng-uprobes", "src/probes"),
    ("lttng-tracer", "src"), ("lttng-ring-buffer-client-mmap-discard", "src"),
    ("lttng-ring-buffer-client-mmap-overwrite", "src"),
  ]

  /// Leaves out what is not needed: `lttng-tracer` wants the three probes below and no others, some of which do not compile
  /// against every kernel.
  func prepare() throws(SourceError) {
    try rewrite("\(sources)/src/probes/Kbuild", ModuleSources.reducedProbes)
    try rewrite("\(sources)/src/Kbuild") { text in
      text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("tests/") }
        .joined(separator: "\n")
    }
  }

  /// Points the headers of a Debian package, which expect to lie in `/usr/src`, to where they were unpacked, and hides a
  /// `vmlinux`, for which the build would want pahole.
  /// - Parameter root: the directory that stands for `/`.
  func relocate(to root: String) throws(SourceError) {
    try rewrite("\(headers)/Makefile") { ModuleSources.relocated($0, to: root) }
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

  /// The Kbuild of the probes with the three alone that the tracer needs; lines that make no probe stay.
  static func reducedProbes(_ kbuild: String) -> String {
    let kept = kbuild.split(separator: "\n", omittingEmptySubsequences: false).filter {
      $0.hasPrefix("TOP_LTTNG_MODULES_DIR") || $0.hasPrefix("include ") || $0.hasPrefix("ccflags-y")
        || $0.hasPrefix("#")
    }
    let probes = "obj-$(CONFIG_LTTNG) += lttng-kprobes.o lttng-kretprobes.o lttng-uprobes.o"
    return (kept.map(String.init) + [probes, ""]).joined(separator: "\n")
  }

  private func rewrite(_ path: String, _ change: (String) -> String) throws(SourceError) {
    try HostFiles.write(Data(change(HostFiles.text(path)).utf8), to: path)
  }
}
