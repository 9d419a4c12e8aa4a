/// Why `results.json` could not be read or encoded.
public enum ResultsFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A system call failed.
  case unreadable(FileError)
  /// The file was written in a layout that this tool does not read.
  case unknownSchema(found: Int, supported: Int)
  /// The file is cut short, is not JSON, or lacks a value; `path` is where: `losses[3].produced`. It is empty where the
  /// parser names no place, and `detail` says what it met.
  case malformed(path: String, detail: String)
  /// A value of the results has no form in JSON.
  case notEncodable(path: String, detail: String)

  /// The error, its place and its remedy, in one line.
  public var description: String { text(of: .results) }

  /// The kind of a file, for messages.
  enum Kind {
    case results, matrix
  }

  /// The description for a file of a kind.
  func text(of kind: Kind) -> String {
    let isMatrix = kind == .matrix
    return switch self {
    case .unreadable(let error):
      "\(error)"
    case .unknownSchema(let found, let supported):
      "\(isMatrix ? "the matrix has" : "the results have") schema version \(found), this tool reads version \(supported); "
        + (found > supported
          ? "use a newer abi-compare"
          : isMatrix
            ? "merge the results again" : "use the abi-compare that wrote them, or run the study again")
    case .malformed(let path, let detail):
      "not a whole \(isMatrix ? "matrix" : "results") file: " + ResultsFileError.place(path) + detail.printable(130)
    case .notEncodable(let path, let detail):
      "the \(isMatrix ? "matrix" : "results") cannot be written as JSON: " + ResultsFileError.place(path)
        + detail.printable(130)
    }
  }

  private static func place(_ path: String) -> String { path.isEmpty ? "" : "\(path.printable(80)): " }
}
