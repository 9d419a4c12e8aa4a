import Foundation

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
