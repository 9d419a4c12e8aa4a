import Foundation
import LTTngUSTABI
import SubbufferSource
import Testing

/// The counted functions of the library, and the end of the counting.
@Suite struct LibraryCallCountsTests {
  /// Every function of the header of 2.13 whose first parameter is a stream is counted, except the one that destroys it.
  /// Later headers have more, which this program does not call.
  @Test func allOfTheHeaderAreCounted() throws {
    let library = try LTTngUSTLibrary()
    let counts = LibraryCallCounts(library)
    let header = try #require(Self.header)
    let text = try String(contentsOfFile: header, encoding: .utf8)
    let pattern = /(lttng_ust_ctl_\w+)\(struct lttng_ust_ctl_consumer_stream \*stream/
    let named = Set(text.matches(of: pattern).map { String($0.output.1) })
    #expect(named.count > 20)
    #expect(named.isSuperset(of: counts.functions))
    if library.series == .from2_13 {
      #expect(Set(counts.functions) == named.subtracting(["lttng_ust_ctl_destroy_stream"]))
    }
    #expect(counts.functions.count == counts.counts.count)
  }

  private static var header: String? {
    let directories = ["/usr/include", "/usr/local/include"].flatMap { root in
      [root] + ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).map { "\(root)/\($0)" }
    }
    return directories.map { "\($0)/lttng/ust-ctl.h" }.first { FileManager.default.fileExists(atPath: $0) }
  }

  @Test func anErrorEndsTheCount() throws {
    let counts = LibraryCallCounts(try LTTngUSTLibrary())
    let stopped = SourceError(.interrupted, call: "count")
    for _ in 0..<2 {
      #expect(throws: stopped) { try counts.whileCounting { () throws(SourceError) in throw stopped } }
    }
  }
}
