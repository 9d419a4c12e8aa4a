import Glibc
import SubbufferSource

/// The producers that are built next to this program.
public enum ProducerExecutable: String, Sendable, CaseIterable {
  /// Writes to the `trace_marker_raw` of a tracefs instance.
  case markerWriter = "abi-compare-marker-writer"
  /// Writes to `/proc/lttng-logger`.
  case loggerWriter = "abi-compare-logger-writer"
  /// Is traced by LTTng-UST.
  case tracedProcess = "abi-compare-producer"

  /// The path of the program: in the directory of this program, or in `ABI_COMPARE_PRODUCERS` where that is set.
  /// - Throws: ``SourceError`` if there is none.
  public func path() throws(SourceError) -> String {
    let path = "\(ProducerExecutable.directory)/\(rawValue)"
    guard access(path, X_OK) == 0 else {
      throw SourceError(
        .unavailable, call: "access \(path)", detail: "the producer is missing from the directory of this program",
        remedy: "build all products: swift build; or set ABI_COMPARE_PRODUCERS to their directory")
    }
    return path
  }

  /// The directory in which programs are looked for.
  public static var directory: String {
    if let chosen = getenv("ABI_COMPARE_PRODUCERS") { return String(cString: chosen) }
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard count > 0 else { return "." }
    let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }
}
