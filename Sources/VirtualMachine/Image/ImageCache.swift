import Foundation
import Ownership
import SubbufferSource
import SystemPackage

/// The cache of images: one directory for each kernel, made elsewhere in the cache and renamed when it is complete.
public struct ImageCache: Sendable {
  /// The directory.
  public let path: String

  /// The separator between the kernel's release and the version of lttng-modules in the names of directories.
  private static let infix = "+lttng-"

  /// The cache in a directory; by default in `XDG_CACHE_HOME`, or in `.cache` of the home directory.
  public init(path: String? = nil) {
    let caches = ImageCache.caches(ProcessInfo.processInfo.environment)
    // A build hands the path to programs that run elsewhere.
    self.path = URL(fileURLWithPath: path ?? "\(caches)/abi-compare/vm").standardizedFileURL.path
  }

  /// The directory of this user's caches: never one that everybody may write to.
  static func caches(_ environment: [String: String]) -> String {
    // A relative path there is invalid and to be ignored (XDG Base Directory Specification).
    let absolute = { (variable: String) in environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil } }
    if let caches = absolute("XDG_CACHE_HOME") { return caches }
    if let home = absolute("HOME") { return "\(home)/.cache" }
    // As a login would set it.
    guard let user = getpwuid(geteuid()), let home = user.pointee.pw_dir else { return "/.cache" }
    return "\(String(cString: home))/.cache"
  }

  /// The images in the cache, by the names of the directories.
  /// - Throws: ``SourceError`` where the cache is there and cannot be read.
  public func entries() throws(SourceError) -> [ImageCacheEntry] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    let names = try HostFiles.told("read \(path)") { try FileManager.default.contentsOfDirectory(atPath: path) }
    return names.sorted().filter { $0.contains(ImageCache.infix) && RunOwner(inName: $0) == nil }
      .map { ImageCacheEntry(directory: "\(path)/\($0)") }
  }

  /// The image to take; `nil` where it has to be built.
  /// - Parameter kernel: the version that the user asks for; `nil` for the newest that is there.
  func image(_ kernel: String?) throws(SourceError) -> Image? {
    try entries().compactMap(\.image)
      .filter { image in kernel.map { KernelRelease(image.manifest.kernel).matches($0) } ?? true }
      .max { KernelRelease($0.manifest.kernel) < KernelRelease($1.manifest.kernel) }
  }

  /// Has `build` make an image in a new directory, and keeps it.
  ///
  /// One build at a time: another waits for its end. What is not finished is removed, by the next build where this
  /// process is killed.
  /// - Parameters:
  ///   - there: the image that another build may have made in the meantime, which is taken then.
  ///   - wait: is called where another build has to come to its end first.
  /// - Returns: the image.
  /// - Throws: what `there` and `build` throw, and ``SourceError`` where a file cannot be made.
  func add(
    unless there: () throws(SourceError) -> Image? = { () throws(SourceError) in nil }, wait: () -> Void = {},
    _ build: (_ directory: String) throws(SourceError) -> ImageManifest
  ) throws(SourceError) -> Image {
    try HostFiles.makeDirectory(path)
    let lock = try ImageCacheLock(path, wait: wait)
    defer { withExtendedLifetime(lock) {} }
    if let image = try there() { return image }
    removeAbandoned()
    let place = "\(path)/\(RunOwner.current.name("image"))"
    try HostFiles.makeDirectory(place)
    do throws(SourceError) {
      var manifest = try build(place)
      manifest.size = HostFiles.size(of: place)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      let bytes = try HostFiles.told("encode the manifest") { try encoder.encode(manifest) }
      try HostFiles.write(bytes, to: "\(place)/\(Image.manifestName)")
      let kept = "\(path)/\(manifest.kernel)\(ImageCache.infix)\(manifest.lttngModules)"
      if rename(place, kept) != 0 {
        guard errno == ENOTEMPTY || errno == EEXIST else {
          throw SourceError(call: "rename \(place)", errno: Errno(rawValue: errno))
        }
        // Another of the same is there: it is replaced.
        try HostFiles.told("remove \(kept)") { try FileManager.default.removeItem(atPath: kept) }
        guard rename(place, kept) == 0 else {
          throw SourceError(call: "rename \(place)", errno: Errno(rawValue: errno))
        }
      }
      return try Image(directory: kept)
    } catch {
      try? FileManager.default.removeItem(atPath: place)
      throw error
    }
  }

  /// Removes all images, whole or not.
  public func clean() throws(SourceError) {
    removeAbandoned()
    for entry in try entries() {
      try HostFiles.told("remove \(entry.directory)") { try FileManager.default.removeItem(atPath: entry.directory) }
    }
  }

  /// Removes what builds left that were killed.
  /// - Returns: the paths.
  @discardableResult
  public func removeAbandoned() -> [String] {
    RunOwner.abandoned(in: path).map { "\(path)/\($0)" }
      .filter { (try? FileManager.default.removeItem(atPath: $0)) != nil }
  }
}
