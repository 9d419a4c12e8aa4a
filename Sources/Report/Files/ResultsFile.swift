import Foundation
import Study
import SystemPackage

/// `results.json`: ``Study/Results`` as JSON with sorted keys, indented, with a newline at the end.
public enum ResultsFile {
  /// Encodes results; the same results give the same bytes.
  /// - Throws: ``ResultsFileError/notEncodable(path:detail:)`` where a number is not finite.
  public static func encode(_ results: Results) throws(ResultsFileError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(results) + Data("\n".utf8)
    } catch EncodingError.invalidValue(let value, let context) {
      throw .notEncodable(path: context.codingPath.dotted, detail: "\(value) is not a JSON number")
    } catch {
      throw .notEncodable(path: "", detail: "\(error)")
    }
  }

  /// Decodes results of the schema version that this tool writes.
  /// - Throws: ``ResultsFileError/unknownSchema(found:supported:)`` for another version, and
  ///   ``ResultsFileError/malformed(path:detail:)`` for anything that is not a whole and valid file, or for a number that
  ///   no run can have measured.
  public static func decode(_ data: Data) throws(ResultsFileError) -> Results {
    let decoder = JSONDecoder()
    // First alone: in another version everything else may have another form.
    let version = try decode(SchemaVersion.self, data, decoder).schemaVersion
    guard version == Results.currentSchemaVersion else {
      throw .unknownSchema(found: version, supported: Results.currentSchemaVersion)
    }
    _ = try decode(ResultsNumbers.self, data, decoder)
    return try decode(Results.self, data, decoder)
  }

  /// Reads and decodes the file at `path`.
  /// - Throws: ``ResultsFileError/unreadable(_:)`` where a system call failed, else as ``decode(_:)``.
  public static func read(from path: String) throws(ResultsFileError) -> Results {
    try decode(try contents(of: path))
  }

  private struct SchemaVersion: Decodable {
    var schemaVersion: Int
  }

  private static func decode<Value: Decodable>(
    _ type: Value.Type, _ data: Data, _ decoder: JSONDecoder
  ) throws(ResultsFileError) -> Value {
    do {
      return try decoder.decode(type, from: data)
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

  /// The largest file that is read, in bytes.
  static let largestSize = 256 << 20

  private static func contents(of path: String) throws(ResultsFileError) -> Data {
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
          guard data.count <= largestSize else {
            throw ResultsFileError.malformed(path: "", detail: "\(path) is larger than \(largestSize >> 20) MiB")
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

/// Whether a descriptor is that of a device.
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
