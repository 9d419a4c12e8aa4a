import ArgumentParser
import Study
import SubbufferSource
import VirtualMachine

/// The options that choose the image of a virtual machine.
struct VMImageOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The kernel: a version such as 6.12 or 6.12.95+deb12, or the path of a bzImage whose headers are installed. By "
        + "default the newest in the cache, or in Debian's archive.", valueName: "version|path"))
  var kernel: String?

  @Option(help: ArgumentHelp("The directory of the images; by default under ~/.cache.", valueName: "dir"))
  var cache: String?

  @Option(help: ArgumentHelp("The address of Debian's archive.", valueName: "url"))
  var mirror: String?

  func validate() throws {
    for (name, value) in [("--kernel", kernel), ("--cache", cache), ("--mirror", mirror)] where value?.isEmpty == true {
      throw ValidationError("\(name): the value is empty")
    }
    // It stands in a line of apt's, between spaces.
    if let mirror, mirror.contains(where: { $0.isWhitespace || $0 == "[" || $0 == "]" }) {
      throw ValidationError("--mirror: \(mirror) is not a URL")
    }
  }

  /// The cache.
  var imageCache: ImageCache { ImageCache(path: cache) }

  /// The image, built where it is not in the cache.
  /// - Parameter anew: builds it in any case.
  func image(anew: Bool = false, _ progress: ProgressLine) throws(SourceError) -> Image {
    let builder = ImageBuilder(kernel: kernel, mirror: mirror) { progress.showStep($0) }
    return try anew ? builder.build(into: imageCache) : builder.image(in: imageCache)
  }
}
