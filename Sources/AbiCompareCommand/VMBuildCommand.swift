import ArgumentParser
import Platform
import Study
import SubbufferSource
import VirtualMachine

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
