import ArgumentParser
import Foundation
import Platform
import Study
import SubbufferSource
import VirtualMachine

/// `abi-compare vm`.
struct VMCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vm",
    abstract: "Run the study in a virtual machine whose kernel has both lttng-modules and tracefs.",
    discussion:
      "QEMU boots an image of Debian packages: a kernel, lttng-modules built for it, "
      + "busybox and this program. The image is cached after the first build; later runs need no network.",
    subcommands: [
      VMRunCommand.self, VMProbeCommand.self, VMBuildCommand.self, VMListCommand.self, VMStatusCommand.self,
      VMCleanCommand.self,
    ],
    defaultSubcommand: VMRunCommand.self)
}

/// `abi-compare vm build`.
struct VMBuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build", abstract: "Build the image of a kernel, even if the cache contains it.")

  @OptionGroup var options: VMImageOptions

  @Flag(help: "Build only if the cache does not contain the image.")
  var missing = false

  @Flag(help: "Build an image for the kernel's own ABIs: no compiler is needed.")
  var withoutModules = false

  func run() throws {
    Interruption.install()
    PipedProcess.becomeSubreaper()
    let progress = ProgressLine()
    defer { progress.end() }
    let image = try orSignal { () throws(SourceError) in
      try options.image(anew: !missing, withModules: !withoutModules, progress)
    }
    progress.end()
    try say("\(image.directory): \(image.manifest.size.inMegabytes)")
  }
}

/// `abi-compare vm list`.
struct VMListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the kernels in Debian's archive, and those in the cache.",
    discussion: """
      One line for each kernel, the newest first: release, suite, whether the archive has the headers for lttng-modules, \
      and whether the cache has an image.
      """)

  @OptionGroup var options: VMImageOptions

  func run() throws {
    Interruption.install()
    PipedProcess.becomeSubreaper()
    let progress = ProgressLine()
    defer { progress.end() }
    let (kernels, images) = try orSignal { () throws(SourceError) in
      (try options.archive.kernels(progress), try options.archive.imageCache.entries().compactMap(\.image))
    }
    progress.end()
    let wanted = kernels.filter { kernel in options.kernel.map { kernel.release.matches($0) } ?? true }
    let onlyCached = images.filter { image in !kernels.contains { $0.release == image.release } }
    for image in onlyCached where options.kernel.map({ image.release.matches($0) }) ?? true {
      try say(row(image.release, suite: "not in the archive", headers: "", images: [image]))
    }
    for kernel in wanted {
      try say(
        row(
          kernel.release, suite: kernel.suite.rawValue, headers: kernel.hasHeaders ? "headers" : "no headers",
          images: images.filter { $0.release == kernel.release }))
    }
  }

  private func row(_ release: KernelRelease, suite: String, headers: String, images: [Image]) -> String {
    let cached = images.map { image in
      (image.manifest.lttngModules.map { "image with lttng-modules \($0)" } ?? "image")
        + (image.isCurrent ? "" : " (not current)")
    }
    let columns = [(release.text, 32), (suite, 20), (headers, 12), (cached.joined(separator: ", "), 0)]
    return columns.map { $0.padding(toLength: max($0.count, $1), withPad: " ", startingAt: 0) }
      .joined().trimmingCharacters(in: .whitespaces)
  }
}

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

/// The options of a guest that runs.
struct VMGuestOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The accelerator: kvm or tcg. By default KVM if the image boots with it, else TCG.", valueName: "name")
  )
  var accel: Accelerator?

  @Option(help: ArgumentHelp("The name or path of QEMU.", valueName: "program"))
  var qemu = VirtualMachine.defaultQEMU

  @Option(help: ArgumentHelp("The longest time without output of the guest, in seconds.", valueName: "s"))
  var silence = GuestLimits().silence

  func validate() throws {
    if qemu.isEmpty { throw ValidationError("--qemu: the value is empty") }
    if silence < 1 { throw ValidationError("--silence: must be 1 or more") }
  }

  /// A machine of an image, with these options.
  /// - Parameter program: called with each line of the task's program.
  func machine(_ image: Image, _ progress: ProgressLine, program: @escaping (String) -> Void) -> VirtualMachine {
    var machine = VirtualMachine(
      image, step: { progress.showStep($0) }, complain: { complain($0) }, program: program)
    machine.accelerator = accel
    machine.qemu = qemu
    machine.limits.silence = silence
    return machine
  }

  /// The arguments that give the same options to another process.
  var arguments: [String] {
    (accel.map { ["--accel", $0.rawValue] } ?? []) + ["--qemu", qemu, "--silence", "\(silence)"]
  }
}

extension Accelerator: ExpressibleByArgument {}
