import Foundation
import Glibc
import Ownership
import SubbufferSource
import SystemPackage

/// Where images are kept: one directory for each kernel, made elsewhere in the cache and renamed when it is whole.
public struct ImageCache: Sendable {
  /// The directory.
  public let path: String

  /// The cache in a directory; by default in `XDG_CACHE_HOME`, or in `.cache` of the home directory.
  public init(path: String? = nil) {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"] ?? "/tmp"
    let caches = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.cache"
    self.path = path ?? "\(caches)/abi-compare/vm"
  }

  /// The images that are there, by the names of their directories.
  public func images() -> [Image] {
    HostFiles.names(in: path).compactMap { name in
      guard RunOwner(inName: name) == nil else { return nil }
      return try? Image(directory: "\(path)/\(name)")
    }
  }

  /// The image to take; `nil` where it has to be built.
  /// - Parameter kernel: the version that the user asks for; `nil` for the newest that is there.
  func image(_ kernel: String?) -> Image? {
    images().filter { image in kernel.map { KernelRelease(image.manifest.kernel).matches($0) } ?? true }
      .max { KernelRelease($0.manifest.kernel) < KernelRelease($1.manifest.kernel) }
  }

  /// Has `build` make an image in a new directory, and keeps it.
  ///
  /// One build at a time: another waits for its end. What is not finished is removed, by the next build where this
  /// process is killed.
  /// - Returns: the image.
  /// - Throws: what `build` throws, and ``SourceError`` where a file cannot be made.
  func add(_ build: (_ directory: String) throws(SourceError) -> ImageManifest) throws(SourceError) -> Image {
    try HostFiles.makeDirectory(path)
    let lock = try ImageCacheLock(path)
    defer { withExtendedLifetime(lock) {} }
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
      let kept = "\(path)/\(manifest.kernel)+lttng-\(manifest.lttngModules)"
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

  /// Removes all images.
  public func clean() throws(SourceError) {
    removeAbandoned()
    guard FileManager.default.fileExists(atPath: path) else { return }
    for image in images() {
      try HostFiles.told("remove \(image.directory)") { try FileManager.default.removeItem(atPath: image.directory) }
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

/// The right to build in a cache; another process has to wait for it.
private final class ImageCacheLock {
  private let descriptor: Int32

  init(_ directory: String) throws(SourceError) {
    let path = "\(directory)/.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SourceError(call: "open \(path)", errno: Errno(rawValue: errno)) }
    guard flock(descriptor, LOCK_EX) == 0 else {
      let code = errno
      close(descriptor)
      throw SourceError(call: "flock \(path)", errno: Errno(rawValue: code))
    }
  }

  deinit {
    close(descriptor)
  }
}
