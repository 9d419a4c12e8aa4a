import ArgumentParser
import SubbufferSource
import VirtualMachine

/// `abi-compare vm status`.
struct VMStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "List the images in the cache with their sizes.")

  @OptionGroup var options: VMImageOptions

  func run() throws {
    let cache = options.archive.imageCache
    let entries = try orSignal { () throws(SourceError) in try cache.entries() }
    if entries.isEmpty { return try say("\(cache.path): no image") }
    for entry in entries {
      try say(entry.text)
      if let image = entry.image { try say("  \(image.manifest.text)") }
    }
  }
}

/// `abi-compare vm clean`.
struct VMCleanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean", abstract: "Remove all images and package lists from the cache.")

  @OptionGroup var options: VMImageOptions

  func run() throws {
    try orSignal { () throws(SourceError) in try options.archive.imageCache.clean() }
  }
}

extension ImageCacheEntry {
  /// Its path and size, or its error.
  var text: String {
    switch content {
    case .success(let image):
      "\(directory): \(image.manifest.size.inMegabytes)"
        + (image.isCurrent
          ? "" : ", not current: its producer was built from other sources; the next run builds it again")
    case .failure(let error): "\(directory): unusable: \(error.reason); abi-compare vm build rebuilds it"
    }
  }
}
