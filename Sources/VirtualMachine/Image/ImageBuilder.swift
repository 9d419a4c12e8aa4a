import Foundation
import SubbufferSource

/// Makes an image of Debian's packages: a kernel, busybox, and lttng-modules built for that kernel.
package struct ImageBuilder {
  /// The kernel: the beginning of a release, or the path of a `bzImage`; `nil` for the newest whose modules can be built.
  package var kernel: String?
  /// The archive from which the packages come.
  package var archive: KernelArchive
  /// `false` for an image without lttng-modules. An image of a kernel without headers has none in any case.
  package var withModules: Bool

  private var progress: (String) -> Void { archive.progress }

  /// The approximate size of an image with modules in the cache, in bytes.
  package static let imageSize = 70_000_000

  /// The disk space needed during the build, in bytes.
  static let neededDisk = 500_000_000

  /// Describes an image.
  package init(kernel: String? = nil, archive: KernelArchive, withModules: Bool = true) {
    self.kernel = kernel
    self.archive = archive
    self.withModules = withModules
  }

  private var isPath: Bool { kernel?.contains("/") ?? false }

  /// The image in a cache, built where it is not there.
  /// - Throws: ``SourceError`` with the step that failed; the cache is then as it was.
  package func image(in cache: ImageCache) throws(SourceError) -> Image {
    // The file at a path may be another by now.
    if isPath { return try build(into: cache) }
    let outdated = { (image: Image) in
      progress("\(image.directory): its producer was built from other sources; build it again")
    }
    if let image = try cachedImage(in: cache, outdated: outdated) { return image }
    for entry in try cache.entries() {
      if case .failure(let error) = entry.content { progress("unusable image: \(error.reason)") }
    }
    return try build(into: cache, unless: { () throws(SourceError) in try cachedImage(in: cache) })
  }

  private func cachedImage(
    in cache: ImageCache, outdated: (Image) -> Void = { _ in }
  ) throws(SourceError) -> Image? {
    try cache.image(kernel, suite: archive.suite, withModules: withModules, outdated: outdated)
  }

  /// The release of the kernel that is meant: of an image in a cache, else of the archive.
  /// - Throws: ``SourceError`` if no suite has it.
  package func release(in cache: ImageCache) throws(SourceError) -> KernelRelease {
    if let image = try cachedImage(in: cache) { return image.release }
    let lock = try cache.lock { progress("wait for another build in \(cache.path)") }
    defer { withExtendedLifetime(lock) {} }
    return try archive.choose(kernel, in: cache).release
  }

  /// Builds the image into a cache.
  /// - Throws: ``SourceError`` with the step that failed; the cache is then as it was.
  package func build(into cache: ImageCache) throws(SourceError) -> Image {
    try build(into: cache, unless: { () throws(SourceError) in nil })
  }

  private func build(
    into cache: ImageCache, unless there: () throws(SourceError) -> Image?
  ) throws(SourceError) -> Image {
    try ModuleBuild.check(directory: cache.path)
    let local = isPath ? try kernel.map(ChosenKernel.init(ofThisMachine:)) : nil
    for (name, package) in [("apt-get", "apt"), ("dpkg", "dpkg"), ("setpriv", "util-linux")] {
      _ = try HostProgram.path(name, package: package, step: "build an image")
    }
    let wait = { progress("wait for another build in \(cache.path)") }
    return try cache.add(unless: there, wait: wait) { (directory) throws(SourceError) in
      if let free = HostFiles.free(at: directory), free < ImageBuilder.neededDisk {
        throw SourceError(
          call: "build an image in \(directory)", errno: .noSpace, detail: "\(free.inMegabytes) are free",
          remedy: "\(ImageBuilder.neededDisk.inMegabytes) are needed; choose another directory with --cache")
      }
      let work = "\(directory)/work"
      defer { try? FileManager.default.removeItem(atPath: work) }
      try HostFiles.makeDirectory(work)
      let chosen = if let local { local } else { ChosenKernel(try archive.choose(kernel, in: cache)) }
      return try build(chosen, lists: cache.lists, in: directory, work: work)
    }
  }

  private func build(
    _ chosen: ChosenKernel, lists: String, in directory: String, work: String
  ) throws(SourceError) -> ImageManifest {
    let suite = chosen.archived?.suite
    let modulesSuite = suite?.modules ?? Suite.trixie.rawValue
    let hasModules = withModules && chosen.archived?.hasHeaders != false
    // The lists of the kernel's own suite have been fetched.
    try archive.update([modulesSuite].filter { $0 != suite?.rawValue }, lists: lists)
    let source = try PackageArchive(
      in: lists, mirror: archive.mirror, suites: (suite.map { [$0.rawValue] } ?? []) + [modulesSuite])
    let name = "Linux \(chosen.release.text)"
    progress("fetch the packages of \(hasModules ? "\(name) and lttng-modules" : name)")
    var wanted = (chosen.archived?.packages ?? []) + ["busybox-static/\(modulesSuite)"]
    if hasModules { wanted.append("lttng-modules-dkms/\(modulesSuite)") }
    var packages = try source.download(wanted, to: "\(work)/packages")
    let root = "\(work)/root"
    progress("unpack \(packages.count) packages")
    for package in packages { try unpack(package, root, work) }
    var manifest = ImageManifest(kernel: chosen.release.text, suite: suite, packages: [], modules: [], size: 0)
    try HostFiles.makeDirectory("\(directory)/modules")
    if hasModules {
      packages += try buildModules(
        chosen, Workplace(lists: lists, work: work, source: source), into: directory, &manifest)
    }
    progress("put the image together")
    try putKernel(chosen.image(in: root), work, to: "\(directory)/kernel")
    if let config = chosen.config(in: root) { try copy(config, "\(directory)/config") }
    try copy("\(root)/bin/busybox", "\(directory)/busybox", or: "\(root)/usr/bin/busybox")
    manifest.packages = packages.map { ($0 as NSString).lastPathComponent }
    return manifest
  }

  /// The places of a build.
  private struct Workplace {
    let lists: String
    let work: String
    let source: PackageArchive
    /// The directory into which the kernel's packages and lttng-modules were unpacked.
    var root: String { "\(work)/root" }
  }

  /// Builds the modules, with this machine's compiler if it is the one that built the kernel, else with that of the
  /// kernel's Debian release.
  /// - Returns: the paths of the packages that were fetched.
  private func buildModules(
    _ chosen: ChosenKernel, _ place: Workplace, into directory: String, _ manifest: inout ImageManifest
  ) throws(SourceError) -> [String] {
    _ = try HostProgram.path("strip", package: "binutils", step: "build the modules")
    var packages: [String] = []
    let compiler = ModuleBuild.compiler(in: try chosen.config(in: place.root).map(HostFiles.text) ?? "")
    let build: ModuleBuild
    // The compiler for a kernel of this machine has been found before.
    let foreign = chosen.archived.flatMap { kernel in
      kernel.suite.number == KernelArchive.hostRelease && InstalledPrograms.has(compiler.command) ? nil : kernel
    }
    if let foreign {
      let root: BuildRoot
      (root, packages) = try buildRoot(foreign, place)
      manifest.lttngUST = try addUserland(root, packages, directory)
      build = try ModuleBuild(
        sources: chosen.sources(in: root.path, isRoot: true), compiler: compiler, root: root,
        log: "\(place.work)/make.log", temporary: place.work)
    } else {
      _ = try HostProgram.path("make", package: "make", step: "build the modules")
      if let headers = chosen.archived?.headers {
        packages = try place.source.download(headers, to: "\(place.work)/headers")
        for package in packages { try unpack(package, place.root, place.work) }
      }
      build = try ModuleBuild(
        sources: chosen.sources(in: place.root, isRoot: false), compiler: compiler, log: "\(place.work)/make.log",
        temporary: place.work)
    }
    progress("build the modules with \(compiler.command), some minutes")
    let modules = try build.build()
    for module in modules { try strip(module.path, "\(directory)/modules/\(module.name).ko", place.work) }
    let sources = (build.sources.sources as NSString).lastPathComponent
    manifest.lttngModules = String(sources.dropFirst("lttng-modules-".count))
    manifest.compiler = compiler.text
    manifest.modules = modules.map(\.name)
    return packages
  }

  /// Unpacks the kernel's Debian release with its compiler and the headers, and lttng-modules in it.
  private func buildRoot(
    _ kernel: ArchiveKernel, _ place: Workplace
  ) throws(SourceError) -> (root: BuildRoot, packages: [String]) {
    let (base, suite) = (kernel.suite.base, kernel.suite.rawValue)
    try archive.update([base].filter { $0 != suite }, lists: place.lists)
    let source = try PackageArchive(
      in: place.lists, mirror: archive.mirror, suites: base == suite ? [base] : [base, suite])
    progress("fetch the compiler and the libraries of \(base), about 90 MB")
    let packages = try source.downloadAll(
      (kernel.headers ?? []).map { "\($0)/\(suite)" } + BuildRoot.tools + Userland.packages, to: "\(place.work)/release"
    )
    progress("unpack \(packages.count) packages")
    let root = try BuildRoot(packages, in: "\(place.work)/release-root", log: "\(place.work)/release.log")
    for package in HostFiles.names(in: "\(place.work)/packages") where package.hasPrefix("lttng-modules-dkms_") {
      try root.unpack("\(place.work)/packages/\(package)")
    }
    return (root, packages)
  }

  /// Adds the LTTng-UST of a release to an image.
  /// - Returns: its version.
  private func addUserland(
    _ root: BuildRoot, _ packages: [String], _ directory: String
  ) throws(SourceError) -> String {
    progress("build the producer")
    try Userland.build(in: root, to: "\(directory)/userland")
    let file = packages.map { ($0 as NSString).lastPathComponent }.first { $0.hasPrefix("liblttng-ust-dev_") }
    // The name of the file: NAME_VERSION-REVISION_ARCHITECTURE.deb.
    guard let version = file?.split(separator: "_").dropFirst().first?.split(separator: "-").first else {
      throw SourceError(.unknownFormat, call: "fetch packages", detail: "liblttng-ust-dev is not among the packages")
    }
    return String(version)
  }

  private func unpack(_ package: String, _ root: String, _ work: String) throws(SourceError) {
    try HostProgram(
      step: "unpack a package", name: "dpkg", arguments: ["-x", package, root],
      remedy: "build again", package: "dpkg"
    ).run(log: "\(work)/dpkg.log", within: 120)
  }

  private func strip(_ module: String, _ stripped: String, _ work: String) throws(SourceError) {
    try HostProgram(
      step: "strip a module", name: "strip", arguments: ["--strip-debug", "-o", stripped, module],
      remedy: "build again", package: "binutils"
    ).run(log: "\(work)/strip.log", within: 60)
  }

  /// The kernel as QEMU boots it fastest: unpacked, where it is packed by zstd and that is installed; else as it is.
  private func putKernel(_ path: String, _ work: String, to place: String) throws(SourceError) {
    let payload = try KernelImage(HostFiles.read(path), path: path).payload
    let zstandard: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
    guard let payload, payload.starts(with: zstandard), InstalledPrograms.has("zstd") else {
      return try copy(path, place)
    }
    try HostFiles.write(payload, to: "\(work)/kernel.zst")
    try HostProgram(
      step: "unpack the kernel", name: "zstd", arguments: ["-dqf", "\(work)/kernel.zst", "-o", place],
      remedy: "build again", package: "zstd"
    ).run(log: "\(work)/zstd.log", within: 60)
  }

  private func copy(_ path: String, _ place: String, or other: String? = nil) throws(SourceError) {
    let source = other.flatMap { FileManager.default.fileExists(atPath: path) ? nil : $0 } ?? path
    try HostFiles.told("copy \(source)") { try FileManager.default.copyItem(atPath: source, toPath: place) }
  }
}
