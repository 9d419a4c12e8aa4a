import Foundation
import SubbufferSource

/// The kernels of Debian's archive.
public struct KernelArchive {
  /// The address of the archive.
  public var mirror: String
  /// The suite that is read; `nil` for all, in the order in which a kernel is looked for.
  public var suite: Suite?
  /// Called with each step.
  public var progress: (String) -> Void

  /// Describes an archive.
  public init(mirror: String? = nil, suite: Suite? = nil, progress: @escaping (String) -> Void) {
    self.mirror = mirror ?? PackageArchive.defaultMirror
    self.suite = suite
    self.progress = progress
  }

  /// The suites to read, in order.
  var suites: [Suite] { suite.map { [$0] } ?? Suite.inOrder(host: KernelArchive.hostRelease) }

  /// The kernels of all suites that can be read, the newest first.
  /// - Parameters:
  ///   - cache: keeps the lists of packages.
  ///   - failed: is called with each suite that cannot be read.
  /// - Throws: ``SourceError`` if no suite can be read.
  public func kernels(
    in cache: ImageCache, failed: (Suite, SourceError) -> Void
  ) throws(SourceError) -> [ArchiveKernel] {
    let lock = try cache.lock { progress("wait for a build in \(cache.path)") }
    defer { withExtendedLifetime(lock) {} }
    var kernels: [ArchiveKernel] = []
    var failures: [SourceError] = []
    for suite in suites {
      do throws(SourceError) {
        kernels += try self.kernels(of: suite, in: cache)
      } catch {
        guard error.kind != .interrupted else { throw error }
        failures.append(error)
        failed(suite, error)
      }
    }
    if let first = failures.first, failures.count == suites.count { throw first }
    return kernels.sorted { $0.release > $1.release }
  }

  /// Chooses a kernel: of the first suite that has one that is meant, the newest.
  /// - Parameters:
  ///   - wanted: the beginning of a release; `nil` for the newest whose modules can be built.
  ///   - cache: keeps the lists of packages; the caller holds its lock.
  /// - Throws: ``SourceError`` of kind `unavailable` if no suite has it, with the suites that could not be read.
  func choose(_ wanted: String?, in cache: ImageCache) throws(SourceError) -> ArchiveKernel {
    var there: [ArchiveKernel] = []
    var unread: [String] = []
    for suite in suites {
      let kernels: [ArchiveKernel]
      do throws(SourceError) {
        kernels = try self.kernels(of: suite, in: cache)
      } catch {
        guard error.kind != .interrupted, suites.count > 1 else { throw error }
        unread.append("\(suite.rawValue) cannot be read: \(error.reason)")
        continue
      }
      if let kernel = ArchiveKernel.choose(from: kernels, wanted: wanted) { return kernel }
      there += kernels
    }
    let newest = there.map(\.release).newestOfEachSeries.reversed().prefix(12).map(\.text)
    throw SourceError(
      .unavailable, call: "choose a kernel",
      detail: ([
        "\(suites.map(\.rawValue).joined(separator: ", ")): no kernel "
          + (wanted.map { "\($0) of the flavour \(KernelRelease.flavour.dropFirst())" } ?? "with headers")
      ] + unread)
      .joined(separator: "; "),
      remedy: newest.isEmpty
        ? "choose another archive with --mirror"
        : "choose one of \(newest.joined(separator: ", ")); abi-compare vm list has all")
  }

  private func kernels(of suite: Suite, in cache: ImageCache) throws(SourceError) -> [ArchiveKernel] {
    try update([suite.rawValue], lists: cache.lists)
    let archive = try PackageArchive(in: cache.lists, mirror: mirror, suites: [suite.rawValue])
    return try ArchiveKernel.all(of: suite, names: archive.names(beginningWith: "linux-"))
  }

  /// Fetches lists of packages that are newer than those in a directory.
  func update(_ suites: [String], lists: String) throws(SourceError) {
    guard !suites.isEmpty else { return }
    progress("fetch the lists of packages of \(suites.joined(separator: ", ")) from \(mirror)")
    try PackageArchive(in: lists, mirror: mirror, suites: suites).update()
  }

  /// The number of the host's Debian release; `nil` on another system.
  static var hostRelease: Int? {
    guard let text = try? HostFiles.text("/etc/os-release") else { return nil }
    let lines = text.split(separator: "\n")
    guard lines.contains("ID=debian") else { return nil }
    return lines.first { $0.hasPrefix("VERSION_ID=") }.flatMap { Int($0.filter(\.isNumber)) }
  }
}
