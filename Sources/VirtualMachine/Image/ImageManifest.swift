import Foundation
import SubbufferSource

/// The versions from which an image was made: the file `manifest.json` in it.
public struct ImageManifest: Codable, Sendable, Equatable {
  /// The release of the kernel, as `uname -r` will tell it.
  public var kernel: String
  /// The version of lttng-modules: `2.13.18`.
  public var lttngModules: String
  /// The compiler of the modules, as it names itself.
  public var compiler: String
  /// The packages of the image with their versions, as their files are named.
  public var packages: [String]
  /// The modules, in the order in which they have to be loaded.
  public var modules: [String]
  /// The size of the image in bytes.
  public var size: Int
}
