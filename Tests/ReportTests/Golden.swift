import Foundation
import Testing

/// Files of the fixtures, byte for byte; README.md in this directory describes how to regenerate them.
enum Golden {
  static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens")
  static let regenerates = ProcessInfo.processInfo.environment["ABI_COMPARE_REGENERATE"] == "1"

  /// Compares contents with the file of a name, or writes the file and fails.
  static func expect(
    _ contents: String, isGolden name: String, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let file = directory.appendingPathComponent(name)
    if regenerates {
      try Data(contents.utf8).write(to: file)
      Issue.record("wrote \(name); run again without ABI_COMPARE_REGENERATE", sourceLocation: location)
      return
    }
    let golden = try String(contentsOf: file, encoding: .utf8)
    guard contents != golden else { return }
    let got = contents.split(separator: "\n", omittingEmptySubsequences: false)
    let wanted = golden.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(got, wanted).enumerated().first { $1.0 != $1.1 }?.offset ?? min(got.count, wanted.count)
    Issue.record(
      """
      \(name) differs at line \(line + 1):
      got    \(line < got.count ? got[line] : "(end)")
      golden \(line < wanted.count ? wanted[line] : "(end)")
      """, sourceLocation: location)
  }
}
