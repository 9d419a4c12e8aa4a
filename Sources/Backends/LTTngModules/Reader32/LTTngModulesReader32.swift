import LTTngBackend
import Study

extension Reader32.Program {
  /// Reads the stream that it is given.
  static let lttngModules = Reader32.Program(
    name: "abi-compare-lttng-modules32", source: PackageResources.lttng_modules32_c)
}
