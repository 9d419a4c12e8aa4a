import Foundation
import Study
import SystemPackage

/// `results.json`: ``Study/Results`` as JSON with sorted keys, indented, with a newline at the end.
package enum ResultsFile {
  /// Encodes results; the same results give the same bytes.
  /// - Throws: ``ResultsFileError/notEncodable(path:detail:)`` if a number is not finite.
  package static func encode(_ results: Results) throws(ResultsFileError) -> Data { try JSONFile.encode(results) }

  /// Decodes results of the schema version that this tool writes.
  /// - Throws: ``ResultsFileError/unknownSchema(found:supported:)`` for another version, and
  ///   ``ResultsFileError/malformed(path:detail:)`` for anything that is not a whole and valid file, or for a number that
  ///   no run can have measured.
  package static func decode(_ data: Data) throws(ResultsFileError) -> Results {
    try JSONFile.decodeVersion(Results.currentSchemaVersion, data)
    _ = try JSONFile.decode(ResultsNumbers.self, data)
    return try JSONFile.decode(Results.self, data)
  }

  /// Reads and decodes the file at `path`.
  /// - Throws: ``ResultsFileError/unreadable(_:)`` if a system call failed, else as ``decode(_:)``.
  package static func read(from path: String) throws(ResultsFileError) -> Results {
    try decode(try JSONFile.contents(of: path, atMost: largestSize))
  }

  /// The largest file that is read, in bytes.
  static let largestSize = 256 << 20
}

/// The reason why `results.json` was not read or encoded.
package enum ResultsFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A system call failed.
  case unreadable(FileError)
  /// The file was written in a layout that this tool does not read.
  case unknownSchema(found: Int, supported: Int)
  /// The file is cut short, is not JSON, or lacks a value; `path` is the place: `losses[3].produced`. It is empty
  /// if the parser names none; then `detail` describes the fault.
  case malformed(path: String, detail: String)
  /// A value of the results cannot be written as JSON.
  case notEncodable(path: String, detail: String)

  /// The error, its place and its remedy, in one line.
  package var description: String { text(of: .results) }

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

/// JSON files of this program: sorted keys, indented, with a newline at the end; read with a limit on their size.
enum JSONFile {
  /// Encodes a value; the same value gives the same bytes.
  /// - Throws: ``ResultsFileError/notEncodable(path:detail:)`` if a number is not finite.
  static func encode(_ value: some Encodable) throws(ResultsFileError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(value) + Data("\n".utf8)
    } catch EncodingError.invalidValue(let value, let context) {
      throw .notEncodable(path: context.codingPath.dotted, detail: "\(value) is not a JSON number")
    } catch {
      throw .notEncodable(path: "", detail: "\(error)")
    }
  }

  /// Decodes a value.
  /// - Throws: ``ResultsFileError/malformed(path:detail:)`` with the place of the first fault.
  static func decode<Value: Decodable>(_ type: Value.Type, _ data: Data) throws(ResultsFileError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch DecodingError.keyNotFound(let key, let context) {
      throw .malformed(path: (context.codingPath + [key]).dotted, detail: "missing")
    } catch DecodingError.valueNotFound(_, let context), DecodingError.typeMismatch(_, let context),
      DecodingError.dataCorrupted(let context)
    {
      let fault = context.codingPath.isEmpty ? JSONFault.text(of: data) : nil
      throw .malformed(path: context.codingPath.dotted, detail: fault ?? context.debugDescription)
    } catch {
      throw .malformed(path: "", detail: "\(error)")
    }
  }

  /// Decodes a value of one schema version.
  /// - Throws: ``ResultsFileError/unknownSchema(found:supported:)`` for another version, else as ``decode(_:_:)``.
  static func decodeVersion(_ supported: Int, _ data: Data) throws(ResultsFileError) {
    // First alone: in another version everything else may have another form.
    let found = try decode(SchemaVersion.self, data).schemaVersion
    guard found == supported else { throw .unknownSchema(found: found, supported: supported) }
  }

  private struct SchemaVersion: Decodable {
    var schemaVersion: Int
  }

  /// Reads the file at `path`.
  /// - Parameter limit: the largest size in bytes.
  /// - Throws: ``ResultsFileError/unreadable(_:)`` if a system call failed, ``ResultsFileError/malformed(path:detail:)``
  ///   for a device or a larger file.
  static func contents(of path: String, atMost limit: Int) throws(ResultsFileError) -> Data {
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
      return try file.closeAfter {
        guard !isDevice(file.rawValue) else {
          throw ResultsFileError.malformed(path: "", detail: "\(path) is a device")
        }
        var data = Data()
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
          let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
          if count == 0 { return data }
          data.append(contentsOf: chunk[..<count])
          guard data.count <= limit else {
            throw ResultsFileError.malformed(path: "", detail: "\(path) is larger than \(limit >> 20) MiB")
          }
        }
      }
    } catch let error as ResultsFileError {
      throw error
    } catch {
      let errno = error as? Errno ?? .ioError
      throw .unreadable(FileError(call: "read", path: path, errno: errno))
    }
  }
}

/// Returns `true` if a descriptor is that of a device.
private func isDevice(_ descriptor: Int32) -> Bool {
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { return false }
  return [S_IFCHR, S_IFBLK].contains(status.st_mode & S_IFMT)
}

extension [any CodingKey] {
  /// The path as one writes it: `losses[3].produced`.
  fileprivate var dotted: String {
    reduce(into: "") { text, key in
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
      }
    }
  }
}

/// The first fault of text that is not JSON.
enum JSONFault {
  /// The fault with its line and column; `nil` if the text is JSON.
  ///
  /// `JSONDecoder` gives no place on Linux; `JSONSerialization` gives an offset in words: "around character 17".
  static func text(of data: Data) -> String? {
    do {
      _ = try JSONSerialization.jsonObject(with: data, options: [.fragmentsAllowed])
      return nil
    } catch {
      guard let words = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String else { return nil }
      let offset = words.firstMatch(of: /character (\d+)/).flatMap { Int($0.output.1) }
      let place = place(of: min(offset ?? data.count, data.count), in: data)
      let fault = words.prefixMatch(of: /(.*) around character \d+\./).map { String($0.output.1) } ?? words
      return "line \(place.line), column \(place.column): \(fault)"
    }
  }

  /// The line and the column of a byte, from 1 on.
  private static func place(of offset: Int, in data: Data) -> (line: Int, column: Int) {
    let before = data.prefix(offset)
    let line = before.count { $0 == UInt8(ascii: "\n") }
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? before.startIndex
    return (line + 1, before.endIndex - start + 1)
  }
}

/// A check of all numbers of a results file, before anything adds, multiplies or converts them.
///
/// Every number of a results file is a count, a size or a time. A few of them within the limit can be added in 64 bits;
/// code that multiplies them, or adds up any number of rows, uses `Double` or wraps.
struct ResultsNumbers: Decodable {
  /// The greatest number, 2^53: up to it a `Double` holds each whole number.
  static let greatest = Double(1 << 53)
  /// The limit of fields that hold any 64-bit word: a seed, and a count that is stored as an ABI reported it, which may have
  /// wrapped to all ones.
  static let greatestWord = Double(UInt64.max)

  /// Walks the JSON value from which it is decoded.
  /// - Throws: `DecodingError.dataCorrupted` with the path of the first number that is refused.
  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    // Text first, since a failed attempt takes longer.
    if (try? value.decode(String.self)) != nil { return }
    if let number = try? value.decode(Double.self) {
      guard let fault = ResultsNumbers.fault(of: number, at: decoder.codingPath) else { return }
      throw DecodingError.dataCorruptedError(in: value, debugDescription: fault)
    }
    if value.decodeNil() || (try? value.decode(Bool.self)) != nil { return }
    if let fields = try? decoder.container(keyedBy: AnyKey.self) {
      for key in fields.allKeys { _ = try fields.decode(ResultsNumbers.self, forKey: key) }
    } else if var elements = try? decoder.unkeyedContainer() {
      while !elements.isAtEnd { _ = try elements.decode(ResultsNumbers.self) }
    } else {
      throw DecodingError.dataCorruptedError(in: value, debugDescription: "the number is out of range")
    }
  }

  private static func fault(of number: Double, at path: [any CodingKey]) -> String? {
    if number < 0 { return "the number is negative" }
    let isWord = path.last?.stringValue == "seed" || ["losses", "crossChecks"].contains(path.first?.stringValue)
    if isWord { return number <= greatestWord ? nil : "the number has more than 64 bits" }
    return number <= greatest ? nil : "the number is greater than 2^53"
  }
}

/// Any key of an object.
struct AnyKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
