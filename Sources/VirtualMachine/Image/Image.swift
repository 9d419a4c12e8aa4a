import Foundation
import SubbufferSource

/// The files from which a virtual machine boots, without this program, which is packed anew for each run:
///
///     manifest.json   ImageManifest
///     kernel          the kernel for QEMU: an ELF file, or the bzImage
///     config          its configuration, if the archive has it
///     busybox         a static busybox
///     userland/*      the LTTng-UST of the kernel's Debian release, with its C library and a producer, or absent
///     userland/source/*  the sources of that producer
///     modules/*.ko    the modules of lttng-modules, stripped; absent in an image for the kernel's own ABIs
public struct Image: Sendable {
  /// Its directory.
  public let directory: String
  /// The versions from which it was made.
  public let manifest: ImageManifest

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
  public var release: KernelRelease { KernelRelease(manifest.kernel) }

  var kernel: String { "\(directory)/kernel" }
  var busybox: String { "\(directory)/busybox" }
  /// The LTTng-UST of the image; `nil` if the guest takes the one of this machine.
  var userland: Userland? { manifest.lttngUST.map { _ in Userland(directory: "\(directory)/userland") } }
  /// `true` if its producer is the one of this program. Otherwise the image has to be built again.
  public var isCurrent: Bool { userland?.isCurrent ?? true }
  func module(_ name: String) -> String { "\(directory)/modules/\(name).ko" }
}
