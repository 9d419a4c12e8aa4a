@testable import Study
import SubbufferSource
import Testing

/// The summary of the access counts of single fields.
@Suite struct SharedMemorySummaryTests {
  private static let fields = [
    SharedField(part: "a", name: "x", offset: 0, size: 8, address: 64),
    SharedField(part: "a", name: "x", offset: 16, size: 8, address: 80),
    SharedField(part: "a", name: "y", offset: 8, size: 4, address: 72),
    SharedField(part: "a", name: nil, offset: 24, size: 8, address: 88),
    SharedField(part: "a", name: nil, offset: 32, size: 8, address: 96),
  ]

  @Test func elementsOfOneNameAreOneRow() throws {
    var summary = SharedMemorySummary(Self.fields)
    // Two hand-overs: the first reads twice and writes, the second is of another element; then nothing is waiting.
    try summary.add(0, [(.acquire, 3, 1), (.release, 1, 1), (.acquire, 0, 0), (.acquireOfNothing, 1, 0)])
    try summary.add(1, [(.acquire, 0, 0), (.acquire, 2, 0), (.release, 1, 0), (.acquireOfNothing, 0, 0)])
    try summary.add(4, [(.flush, 1, 1)])
    let memory = summary.memory
    #expect(memory.watchedBytes == 36)
    #expect(memory.fields.map(\.name) == ["x", "y", nil])
    let row = try #require(memory.fields.first)
    #expect(row.elements == 2)
    #expect(
      row.accesses == [
        .init(operation: .acquire, reads: 4, writes: 1), .init(operation: .release, reads: 1, writes: 1),
        .init(operation: .acquireOfNothing, reads: 1, writes: 0),
      ])
    // Each element is read in one hand-over; the acquire of nothing does not count.
    #expect(row.readIn == 2)
    #expect(row.writtenIn == 1)
    #expect(memory.fields[1].accesses.isEmpty)
    #expect(memory.fields[2].offset == 32)
  }

  @Test func moreWritesThanAccessesAreNoCount() {
    var summary = SharedMemorySummary(Self.fields)
    #expect(throws: SourceError.self) { try summary.add(0, [(.acquire, 1, 2)]) }
  }
}
