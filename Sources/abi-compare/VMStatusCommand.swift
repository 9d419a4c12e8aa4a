import ArgumentParser
import SubbufferSource
import VirtualMachine

/// `abi-compare vm status`.
struct VMStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Name the images in the cache, with their sizes.")

  @OptionGroup var options: VMImageOptions

  func run() throws {
    let cache = options.imageCache
    let images = cache.images()
    if images.isEmpty { return try say("\(cache.path): no image") }
    for image in images {
      try say("\(image.directory): \(image.sizeText)")
      try say("  Linux \(image.manifest.kernel), lttng-modules \(image.manifest.lttngModules)")
      try say("  modules built by \(image.manifest.compiler)")
    }
  }
}

/// `abi-compare vm clean`.
struct VMCleanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean", abstract: "Remove all images from the cache.")

  @OptionGroup var options: VMImageOptions

  func run() throws {
    try orSignal { () throws(SourceError) in try options.imageCache.clean() }
  }
}

extension Image {
  /// Its size, for a person.
  var sizeText: String { manifest.size.inMegabytes }
}
