import ArgumentParser
import Study
import SubbufferSource
import VirtualMachine

/// The options that choose the archive and the cache of images.
struct VMArchiveOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The suite of Debian's archive: \(Suite.allCases.map(\.rawValue).joined(separator: ", ")). By default the first "
        + "of these that has the kernel, those of this system's release first.", valueName: "name"))
  var suite: Suite?

  @Option(help: ArgumentHelp("The directory of the images; by default under ~/.cache.", valueName: "dir"))
  var cache: String?

  @Option(help: ArgumentHelp("The address of Debian's archive.", valueName: "url"))
  var mirror: String?

  func validate() throws {
    for (name, value) in [("--cache", cache), ("--mirror", mirror)] where value?.isEmpty == true {
      throw ValidationError("\(name): the value is empty")
    }
    // It stands in a line of apt's, between spaces.
    if let mirror, mirror.contains(where: { $0.isWhitespace || $0 == "[" || $0 == "]" }) {
      throw ValidationError("--mirror: \(mirror) is not a URL")
    }
  }

  /// The cache.
  var imageCache: ImageCache { ImageCache(path: cache) }

  /// The archive that has the kernels.
  func archive(_ progress: ProgressLine) -> KernelArchive {
    KernelArchive(mirror: mirror, suite: suite) { progress.showStep($0) }
  }

  /// The kernels of all suites that can be read, the newest first; reports the others.
  /// - Throws: ``SourceError`` if no suite can be read.
  func kernels(_ progress: ProgressLine) throws(SourceError) -> [ArchiveKernel] {
    try archive(progress).kernels(in: imageCache) { suite, error in
      complain("\(suite.rawValue) cannot be read: \(error)")
    }
  }

  /// The arguments that give the same options to another process.
  var arguments: [String] {
    [("--suite", suite?.rawValue), ("--cache", imageCache.path), ("--mirror", mirror)]
      .flatMap { name, value in value.map { [name, $0] } ?? [] }
  }
}

/// The options that choose the image of a virtual machine.
struct VMImageOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The kernel: a version such as 6.12 or 6.12.95+deb12, or the path of a bzImage whose headers are installed. By "
        + "default the newest with lttng-modules in the cache, or in Debian's archive.", valueName: "version|path"))
  var kernel: String?

  @OptionGroup var archive: VMArchiveOptions

  func validate() throws {
    if kernel?.isEmpty == true { throw ValidationError("--kernel: the value is empty") }
  }

  /// The image, built where it is not in the cache.
  /// - Parameter anew: builds it in any case.
  func image(
    anew: Bool = false, withModules: Bool = true, _ progress: ProgressLine
  ) throws(SourceError) -> Image {
    let builder = ImageBuilder(kernel: kernel, archive: archive.archive(progress), withModules: withModules)
    return try anew ? builder.build(into: archive.imageCache) : builder.image(in: archive.imageCache)
  }
}

extension Suite: ExpressibleByArgument {}
