import Foundation
import Glibc
import Platform
import Study
import SubbufferSource
import SystemPackage

/// The files from which a virtual machine boots, without this program, which is packed anew for each run:
///
///     manifest.json   ImageManifest
///     kernel          the kernel for QEMU: an ELF file, or the bzImage
///     config          its configuration, if the archive has it
///     busybox         a static busybox
///     userland/*      the LTTng-UST of the kernel's Debian release, with its C library and a producer, or absent
///     userland/source/*  the sources of that producer
///     modules/*.ko    the modules of lttng-modules, stripped; absent in an image for the kernel's own ABIs
package struct Image: Sendable {
  /// Its directory.
  package let directory: String
  /// The versions from which it was made.
  package let manifest: ImageManifest

  static let manifestName = "manifest.json"

  /// The image in a directory.
  /// - Throws: ``SourceError`` where it is none, or not whole.
  init(directory: String) throws(SourceError) {
    self.directory = directory
    let bytes = try HostFiles.read("\(directory)/\(Image.manifestName)")
    manifest = try HostFiles.told("decode \(directory)/\(Image.manifestName)") {
      try JSONDecoder().decode(ImageManifest.self, from: bytes)
    }
    let files = [kernel, busybox] + manifest.modules.map(module) + (userland.map { [$0.loader, $0.producer] } ?? [])
    for file in files where !FileManager.default.fileExists(atPath: file) {
      throw SourceError(
        .unknownFormat, call: "open \(file)", detail: "the image is incomplete",
        remedy: "remove \(directory) and build it again")
    }
  }

  /// The release of its kernel.
  package var release: KernelRelease { KernelRelease(manifest.kernel) }

  var kernel: String { "\(directory)/kernel" }
  var busybox: String { "\(directory)/busybox" }
  /// The LTTng-UST of the image; `nil` if the guest takes the one of this machine.
  var userland: Userland? { manifest.lttngUST.map { _ in Userland(directory: "\(directory)/userland") } }
  /// `true` if its producer is the one of this program. Otherwise the image has to be built again.
  package var isCurrent: Bool { userland?.isCurrent ?? true }
  func module(_ name: String) -> String { "\(directory)/modules/\(name).ko" }
}

/// The versions from which an image was made: the file `manifest.json` in it.
package struct ImageManifest: Codable, Sendable, Equatable {
  /// The release of the kernel, as uname(2) will return it.
  package var kernel: String
  /// The suite of Debian's archive that has the kernel; `nil` for a kernel of this machine.
  package var suite: Suite?
  /// The version of lttng-modules: `2.13.18`; `nil` without modules.
  package var lttngModules: String?
  /// The compiler of the modules, as it names itself; `nil` without modules.
  package var compiler: String?
  /// The version of LTTng-UST that is in the image: `2.16.0`; `nil` if the guest takes the one of this machine.
  package var lttngUST: String?
  /// The packages of the image with their versions, as their files are named.
  package var packages: [String]
  /// The modules, in the order in which they have to be loaded.
  package var modules: [String]
  /// The size of the image in bytes.
  package var size: Int

  /// The ring buffers of the image's kernel, for a message.
  package var text: String {
    let userland = lttngUST.map { ", LTTng-UST \($0)" } ?? ""
    guard let lttngModules, let compiler else { return "Linux \(kernel), without lttng-modules\(userland)" }
    return "Linux \(kernel)\(userland), lttng-modules \(lttngModules), built by \(compiler)"
  }
}

/// A directory in the cache that is an image, or should be.
package struct ImageCacheEntry: Sendable {
  /// The directory.
  package let directory: String
  /// The image, or what is wrong with it.
  package let content: Result<Image, SourceError>

  /// The image; `nil` where it is not whole.
  package var image: Image? { try? content.get() }

  init(directory: String) {
    self.directory = directory
    content = Result { () throws(SourceError) in try Image(directory: directory) }
  }
}

/// The cache of images: one directory for each kernel, made elsewhere in the cache and renamed when it is complete.
package struct ImageCache: Sendable {
  /// The directory.
  package let path: String

  /// The lists of packages of Debian's archive.
  var lists: String { "\(path)/lists" }

  /// The cache in a directory; by default in `XDG_CACHE_HOME`, or in `.cache` of the home directory.
  package init(path: String? = nil) {
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
  package func entries() throws(SourceError) -> [ImageCacheEntry] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    let names = try HostFiles.told("read \(path)") { try FileManager.default.contentsOfDirectory(atPath: path) }
    // The name of an image begins with the number of its kernel.
    return names.sorted().filter { $0.first?.isNumber == true && RunOwner(inName: $0) == nil }
      .map { ImageCacheEntry(directory: "\(path)/\($0)") }
  }

  /// The image to take; `nil` where it has to be built.
  /// - Parameters:
  ///   - kernel: the version that the user asks for; `nil` for the newest that is there with modules.
  ///   - suite: the suite of the kernel; `nil` for any.
  ///   - withModules: `false` if an image without modules will do where the one with modules is not current.
  ///   - outdated: is called with the image that would be taken, had its producer the sources of this program.
  /// - Returns: of the images of the newest such kernel, one with modules if there is one.
  func image(
    _ kernel: String?, suite: Suite? = nil, withModules: Bool = true, outdated: (Image) -> Void = { _ in }
  ) throws(SourceError) -> Image? {
    let image = try entries().compactMap(\.image)
      .filter { image in
        kernel.map { KernelRelease(image.manifest.kernel).matches($0) } ?? (image.manifest.lttngModules != nil)
          && (suite == nil || image.manifest.suite == suite) && (withModules || image.isCurrent)
      }
      .max { ($0.release, $0.manifest.modules.count) < ($1.release, $1.manifest.modules.count) }
    guard let image, !image.isCurrent else { return image }
    outdated(image)
    return nil
  }

  /// The right to build; another process waits for it.
  func lock(wait: () -> Void) throws(SourceError) -> ImageCacheLock {
    try HostFiles.makeDirectory(path)
    return try ImageCacheLock(path, wait: wait)
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
    let lock = try lock(wait: wait)
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
      let kept =
        "\(path)/\(manifest.kernel)\(manifest.lttngModules.map { "+lttng-\($0)" } ?? "")"
        + (manifest.lttngUST.map { "+ust-\($0)" } ?? "")
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

  /// Removes all images, complete or not, and the lists of packages.
  package func clean() throws(SourceError) {
    removeAbandoned()
    if FileManager.default.fileExists(atPath: lists) {
      try HostFiles.told("remove \(lists)") { try FileManager.default.removeItem(atPath: lists) }
    }
    for entry in try entries() {
      try HostFiles.told("remove \(entry.directory)") { try FileManager.default.removeItem(atPath: entry.directory) }
    }
  }

  /// Removes what builds left that were killed.
  /// - Returns: the paths.
  @discardableResult
  package func removeAbandoned() -> [String] {
    RunOwner.abandoned(in: path).map { "\(path)/\($0)" }
      .filter { (try? FileManager.default.removeItem(atPath: $0)) != nil }
  }
}

/// The right to build in a cache; another process has to wait for it.
final class ImageCacheLock {
  private let descriptor: Int32

  /// Waits for the right.
  /// - Parameter wait: is called where another process has it.
  /// - Throws: ``SourceError`` where the file cannot be locked; of kind `interrupted` where the user ends the run.
  init(_ directory: String, wait: () -> Void) throws(SourceError) {
    let path = "\(directory)/.lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SourceError(call: "open \(path)", errno: Errno(rawValue: errno)) }
    self.descriptor = descriptor
    guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return }
    if errno == EWOULDBLOCK { wait() }
    while flock(descriptor, LOCK_EX) != 0 {
      // The end of the reference closes the file.
      guard errno == EINTR else { throw SourceError(call: "flock \(path)", errno: Errno(rawValue: errno)) }
      try Interruption.check()
    }
  }

  deinit {
    close(descriptor)
  }
}
