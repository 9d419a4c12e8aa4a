import ArgumentParser
import Platform
import Study
import SubbufferSource
import VirtualMachine

/// `abi-compare vm probe`.
struct VMProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Test claims, each in a virtual machine booted for it, and show the observations.",
    discussion:
      "For probes that may end the kernel or need parameters of it, and for any other. A kernel that ends is an "
      + "observation. abi-compare list lists the claims.")

  @Argument(help: "The claims.")
  var claims: [String]

  @Option(help: "A back end that runs in the guest; may be given more than once. By default tracefs.")
  var backend: [String] = ["tracefs"]

  @OptionGroup var images: VMImageOptions

  @OptionGroup var guest: VMGuestOptions

  func validate() throws {
    _ = try probes()
    if claims.isEmpty { throw ValidationError("name a claim; abi-compare list lists them") }
  }

  func run() throws {
    Interruption.install()
    PipedProcess.becomeSubreaper()
    try Backends.removeAbandoned()
    let progress = ProgressLine()
    defer { progress.end() }
    let image = try orSignal { () throws(SourceError) in try images.image(progress) }
    for probe in try probes() {
      let result = try orSignal { () throws(SourceError) in try probe(image, guest, progress) }
      progress.end()
      try result.show()
    }
  }

  private func probes() throws -> [GuestProbe] {
    let backends = try Backends.named(backend, producerCPU: GuestProbe.producerCPU)
    return try claims.flatMap { id in
      let probes = backends.compactMap { backend in
        backend.probes.first { $0.claim.id == id }.map { GuestProbe(probe: $0, backend: backend) }
      }
      if probes.isEmpty {
        throw ValidationError("no probe of '\(id)' on \(backend.joined(separator: ", ")); abi-compare list lists them")
      }
      return probes
    }
  }
}
