import SubbufferSource

/// A directory in the cache that is an image, or should be.
public struct ImageCacheEntry: Sendable {
  /// The directory.
  public let directory: String
  /// The image, or what is wrong with it.
  public let content: Result<Image, SourceError>

  /// The image; `nil` where it is not whole.
  public var image: Image? { try? content.get() }

  init(directory: String) {
    self.directory = directory
    content = Result { () throws(SourceError) in try Image(directory: directory) }
  }
}
