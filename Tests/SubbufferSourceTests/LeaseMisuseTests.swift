import Foundation
import Testing

/// Misuse of a lease is a compiler error with the expected text.
///
/// Each file in `MustNotCompile` is a client of the module. Its first line is the expectation: `success`, or a part of
/// an error's text. The one file that must compile shows that the others do not fail because of a wrong command line.
@Suite(.enabled(if: Swiftc.path != nil, "swiftc is not on the PATH"))
struct LeaseMisuseTests {
  private static let marker = "// expect: "

  @Test(arguments: [
    "control", "use-after-release", "second-release", "second-acquire-while-held", "wait-while-held",
    "bytes-after-release", "bytes-kept-beyond-the-closure", "bytes-returned-from-the-closure", "lease-returned",
    "lease-stored", "lease-copied", "lease-outlives-source",
  ])
  func compiles(_ name: String) throws {
    let url = try #require(
      Bundle.module.url(forResource: "MustNotCompile/\(name).swift", withExtension: "txt"), "no snippet \(name)")
    let source = try Data(contentsOf: url)
    let firstLine = try #require(String(decoding: source, as: UTF8.self).split(separator: "\n").first)
    try #require(firstLine.hasPrefix(Self.marker))
    let expected = firstLine.dropFirst(Self.marker.count)

    let swiftc = try #require(Swiftc(), "the modules that were built with this test are not where they should be")
    let (succeeded, output) = try swiftc.compile(source)
    if expected == "success" {
      #expect(succeeded, "\(output)")
    } else {
      #expect(!succeeded)
      let errors = output.split(separator: "\n").filter { $0.hasPrefix("<stdin>:") && $0.contains(": error: ") }
      #expect(errors.contains { $0.contains(expected) }, "\(output)")
    }
  }

  @Test func everySnippetIsUsed() throws {
    let directory = try #require(Bundle.module.url(forResource: "MustNotCompile", withExtension: nil))
    let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    #expect(files.count == 12)
  }
}
