import ArgumentParser
import Foundation
import Platform
import Study
import SubbufferSource
import VirtualMachine

/// `abi-compare vm list`.
struct VMListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the kernels in Debian's archive, and those in the cache.",
    discussion: """
      One line for each kernel, the newest first: release, suite, whether the archive has the headers for lttng-modules, \
      and whether the cache has an image.
      """)

  @OptionGroup var options: VMImageOptions

  func run() throws {
    Interruption.install()
    PipedProcess.becomeSubreaper()
    let progress = ProgressLine()
    defer { progress.end() }
    let (kernels, images) = try orSignal { () throws(SourceError) in
      (try options.archive.kernels(progress), try options.archive.imageCache.entries().compactMap(\.image))
    }
    progress.end()
    let wanted = kernels.filter { kernel in options.kernel.map { kernel.release.matches($0) } ?? true }
    let onlyCached = images.filter { image in !kernels.contains { $0.release == image.release } }
    for image in onlyCached where options.kernel.map({ image.release.matches($0) }) ?? true {
      try say(row(image.release, suite: "not in the archive", headers: "", images: [image]))
    }
    for kernel in wanted {
      try say(
        row(
          kernel.release, suite: kernel.suite.rawValue, headers: kernel.hasHeaders ? "headers" : "no headers",
          images: images.filter { $0.release == kernel.release }))
    }
  }

  private func row(_ release: KernelRelease, suite: String, headers: String, images: [Image]) -> String {
    let cached = images.map { image in
      (image.manifest.lttngModules.map { "image with lttng-modules \($0)" } ?? "image")
        + (image.isCurrent ? "" : " (not current)")
    }
    let columns = [(release.text, 32), (suite, 20), (headers, 12), (cached.joined(separator: ", "), 0)]
    return columns.map { $0.padding(toLength: max($0.count, $1), withPad: " ", startingAt: 0) }
      .joined().trimmingCharacters(in: .whitespaces)
  }
}
