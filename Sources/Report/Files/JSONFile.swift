import Foundation
import SystemPackage

/// JSON files of this program: sorted keys, indented, with a newline at the end; read with a limit on their size.
enum JSONFile {
  /// Encodes a value; the same value gives the same bytes.
  /// - Throws: ``ResultsFileError/notEncodable(path:detail:)`` if a number is not finite.
  static func encode(_ value: some Encodable) throws(ResultsFileError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return JSONLayout.lines(of: try encoder.encode(value))
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

/// The layout of a JSON file: containers that fit into a line stay in one line, so that a record of some numbers is read,
/// found and compared as one.
private struct JSONLayout {
  /// The greatest length of a container that stays in one line, without the indentation.
  private static let longest = 150

  private let compact: [UInt8]
  /// For the begin of each container its end.
  private var ends: [Int: Int] = [:]
  private var output: [UInt8] = []

  /// Lays JSON out.
  /// - Parameter compact: valid JSON without white space between its values.
  static func lines(of compact: Data) -> Data {
    var layout = JSONLayout(compact: [UInt8](compact))
    layout.findEnds()
    layout.write(from: 0, to: layout.compact.count, indentation: 0)
    return Data(layout.output + [UInt8(ascii: "\n")])
  }

  private init(compact: [UInt8]) {
    self.compact = compact
    output.reserveCapacity(compact.count * 2)
  }

  private mutating func findEnds() {
    var open: [Int] = []
    var index = 0
    while index < compact.count {
      switch compact[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): open.append(index)
      case UInt8(ascii: "}"), UInt8(ascii: "]"): if let begin = open.popLast() { ends[begin] = index }
      case UInt8(ascii: "\""): index = compact.stringEnd(index)
      default: break
      }
      index += 1
    }
  }

  /// Writes a value.
  private mutating func write(from begin: Int, to end: Int, indentation: Int) {
    guard let last = ends[begin], last + 1 == end, end - begin > Self.longest else {
      writeLine(from: begin, to: end)
      return
    }
    output.append(compact[begin])
    var start = begin + 1
    var lineBegin: Int?
    for comma in separators(from: start, to: last) + [last] {
      if let line = lineBegin, isNumeric(start), output.count - line + comma - start < Self.longest {
        output.append(UInt8(ascii: " "))
      } else {
        breakLine(indentation + 2)
        lineBegin = isNumeric(start) ? output.count : nil
      }
      let value = valueStart(from: start, to: comma)
      writeLine(from: start, to: value)
      write(from: value, to: comma, indentation: indentation + 2)
      if comma != last { output.append(UInt8(ascii: ",")) }
      start = comma + 1
    }
    breakLine(indentation)
    output.append(compact[last])
  }

  private mutating func breakLine(_ indentation: Int) {
    output.append(UInt8(ascii: "\n"))
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation))
  }

  /// `true` of a number and of a row of numbers in an array: as many as fit share a line.
  private func isNumeric(_ begin: Int) -> Bool {
    let first = compact[begin] == UInt8(ascii: "[") ? compact[begin + 1] : compact[begin]
    return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
  }

  /// The commas between the elements of a container.
  private func separators(from begin: Int, to end: Int) -> [Int] {
    var commas: [Int] = []
    var index = begin
    while index < end {
      switch compact[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): index = ends[index] ?? end
      case UInt8(ascii: "\""): index = compact.stringEnd(index)
      case UInt8(ascii: ","): commas.append(index)
      default: break
      }
      index += 1
    }
    return commas
  }

  /// The begin of the value of a member; that of an element itself.
  private func valueStart(from begin: Int, to end: Int) -> Int {
    guard compact[begin] == UInt8(ascii: "\"") else { return begin }
    let colon = compact.stringEnd(begin) + 1
    return colon < end && compact[colon] == UInt8(ascii: ":") ? colon + 1 : begin
  }

  /// Writes bytes in one line, with a space after each comma and colon.
  private mutating func writeLine(from begin: Int, to end: Int) {
    var index = begin
    while index < end {
      let byte = compact[index]
      if byte == UInt8(ascii: "\"") {
        let close = compact.stringEnd(index)
        output.append(contentsOf: compact[index...close])
        index = close
      } else {
        output.append(byte)
        if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") { output.append(UInt8(ascii: " ")) }
      }
      index += 1
    }
  }
}

/// A check of all numbers of a file, before anything adds, multiplies or converts them; of a matrix also of all texts, before
/// anything shows them.
///
/// Every number is a count, a size or a time. A few of them within the limit can be added in 64 bits;
/// code that multiplies them, or adds up any number of rows, uses `Double` or wraps.
///
/// It reads the text, since a decoder takes seconds to try each type on each value. Text that is not JSON is left to the
/// decoder.
struct JSONLimits {
  /// The greatest number, 2^53: up to it a `Double` holds each whole number.
  static let greatest = Double(1 << 53)
  /// The limit of fields that hold any 64-bit word: a seed, and a count that is stored as an ABI reported it, which may have
  /// wrapped to all ones.
  static let greatestWord = Double(UInt64.max)

  /// An open container, with the place in it.
  private enum Place {
    case member(String)
    case element(Int)
  }

  private let text: [UInt8]
  private let longestText: Int?
  private var places: [Place] = []

  /// Checks the numbers of a file.
  /// - Parameter longestText: the greatest number of characters of a text, or `nil` for no limit.
  /// - Throws: ``ResultsFileError/malformed(path:detail:)`` with the path of the first number or text that is refused.
  static func check(_ data: Data, longestText: Int? = nil) throws(ResultsFileError) {
    var limits = JSONLimits(text: [UInt8](data), longestText: longestText)
    try limits.check()
  }

  private init(text: [UInt8], longestText: Int?) {
    self.text = text
    self.longestText = longestText
  }

  private mutating func check() throws(ResultsFileError) {
    var index = 0
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "{"): places.append(.member(""))
      case UInt8(ascii: "["): places.append(.element(0))
      case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = places.popLast()
      case UInt8(ascii: ","):
        guard let place = places.popLast() else { break }
        if case .element(let number) = place { places.append(.element(number + 1)) } else { places.append(.member("")) }
      case UInt8(ascii: "\""):
        let end = text.stringEnd(index)
        if let longestText, isLonger(index, end, than: longestText) {
          throw .malformed(path: path, detail: "a text has more than \(longestText) characters")
        }
        if case .member("")? = places.last {
          places[places.count - 1] = .member(String(decoding: text[(index + 1)..<end], as: UTF8.self))
        }
        index = end
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digits = text[index...].prefix { byte in
          (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
        }
        if let fault = fault(of: String(decoding: digits, as: UTF8.self)) {
          throw .malformed(path: path, detail: fault)
        }
        index = digits.endIndex - 1
      default: break
      }
      index += 1
    }
  }

  /// `true` if the text of a string has more characters.
  private func isLonger(_ begin: Int, _ end: Int, than most: Int) -> Bool {
    guard end - begin > most, end < text.count else { return false }
    let decoded = try? JSONSerialization.jsonObject(with: Data(text[begin...end]), options: .fragmentsAllowed)
    return (decoded as? String)?.count ?? 0 > most
  }

  private func fault(of digits: String) -> String? {
    guard let number = Double(digits) else { return nil }
    guard number.isFinite else { return "the number is out of range" }
    if number < 0 { return "the number is negative" }
    let members = places.compactMap { if case .member(let name) = $0 { name } else { nil } }
    let isWord = members.last == "seed" || ["losses", "crossChecks", "sharedLoads"].contains(members.first)
    if isWord { return number <= Self.greatestWord ? nil : "the number has more than 64 bits" }
    return number <= Self.greatest ? nil : "the number is greater than 2^53"
  }

  private var path: String {
    places.reduce(into: "") { path, place in
      switch place {
      case .member(let name): path += path.isEmpty ? name : ".\(name)"
      case .element(let number): path += "[\(number)]"
      }
    }
  }
}

extension [UInt8] {
  /// The closing quotation mark of the JSON string that begins at an index, or the end of the text.
  fileprivate func stringEnd(_ begin: Int) -> Int {
    var index = begin + 1
    while index < count, self[index] != UInt8(ascii: "\"") { index += self[index] == UInt8(ascii: "\\") ? 2 : 1 }
    return Swift.min(index, count)
  }
}
