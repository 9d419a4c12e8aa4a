import Foundation
import SubbufferSource

/// The versions from which an image was made: the file `manifest.json` in it.
public struct ImageManifest: Codable, Sendable, Equatable {
  /// The release of the kernel, as uname(2) will return it.
  public var kernel: String
  /// The suite of Debian's archive that has the kernel; `nil` for a kernel of this machine.
  public var suite: Suite?
  /// The version of lttng-modules: `2.13.18`; `nil` without modules.
  public var lttngModules: String?
  /// The compiler of the modules, as it names itself; `nil` without modules.
  public var compiler: String?
  /// The version of LTTng-UST that is in the image: `2.16.0`; `nil` if the guest takes the one of this machine.
  public var lttngUST: String?
  /// The packages of the image with their versions, as their files are named.
  public var packages: [String]
  /// The modules, in the order in which they have to be loaded.
  public var modules: [String]
  /// The size of the image in bytes.
  public var size: Int

  /// The ring buffers of the image's kernel, for a message.
  public var text: String {
    let userland = lttngUST.map { ", LTTng-UST \($0)" } ?? ""
    guard let lttngModules, let compiler else { return "Linux \(kernel), without lttng-modules\(userland)" }
    return "Linux \(kernel)\(userland), lttng-modules \(lttngModules), built by \(compiler)"
  }
}
