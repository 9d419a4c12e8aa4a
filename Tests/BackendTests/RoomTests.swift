import Foundation
import Testing

/// The rooms of the source: code outside of `Backends` names no ABI.
@Suite struct RoomTests {
  /// Rooms that know no back end, with files whose subject is an ABI by name.
  private static let rooms: [(name: String, except: Set<String>)] = [
    ("SubbufferSource", []),
    ("SubbufferSourceConformance", []),
    ("Platform", []),
    ("Workload", []),
    // Trouble in the kernel's log is recognised by the words of the tracers; system calls are counted by tracepoints.
    ("Study", ["KernelTrouble.swift", "TracedDrain.swift"]),
    // An image of a virtual machine may be without modules.
    ("Report", ["MatrixSummary.swift"]),
  ]

  @Test(arguments: rooms.map(\.name)) func `code outside of the back ends names no ABI`(_ room: String) throws {
    let excepted = try #require(RoomTests.rooms.first { $0.name == room }).except
    let files = CommittedStudies.sources(in: room)
    #expect(!files.isEmpty)
    var named: Set<String> = []
    for file in files {
      for line in RoomTests.code(of: try String(contentsOf: file, encoding: .utf8))
      where line.contains(#/(?i)tracefs|lttng|ftrace/#) {
        named.insert(file.lastPathComponent)
        if !excepted.contains(file.lastPathComponent) { Issue.record("\(file.lastPathComponent): \(line)") }
      }
    }
    #expect(named == excepted, "an exception that is no longer needed")
  }

  /// The lines of code, without comments, and without the sources that a question cites.
  private static func code(of text: String) -> [Substring] {
    let cited = text.replacing(#/source:(?:[^"\n]*\n?\s*\+?\s*"(?:[^"\\]|\\.)*")+/#, with: "source: cited")
    return cited.split(separator: "\n").filter { !$0.contains(#/^\s*///#) }.map { $0 }
  }
}
