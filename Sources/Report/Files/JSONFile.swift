import Foundation
import Study
import SystemPackage

/// JSON files of this program: sorted keys, indented, with a newline at the end; read with a limit on their size.
enum JSONFile {
  /// Encodes a value; the same value gives the same bytes.
  /// - Throws: ``ResultsFileError/notEncodable(path:detail:)`` where a number is not finite.
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
  /// - Throws: ``ResultsFileError/unreadable(_:)`` where a system call failed, ``ResultsFileError/malformed(path:detail:)``
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
