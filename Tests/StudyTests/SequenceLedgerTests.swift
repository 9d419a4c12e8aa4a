import Testing

@testable import Study

@Suite struct SequenceLedgerTests {
  private func ledger(_ range: Range<UInt64>, _ sequences: [UInt64]) -> SequenceLedger {
    var ledger = SequenceLedger(range)
    for sequence in sequences { ledger.enter(sequence) }
    ledger.close()
    return ledger
  }

  @Test func completeDeliveryHasNoGap() {
    let books = ledger(5..<10, [5, 6, 7, 8, 9])
    #expect(books.delivered == 5)
    #expect(books.gaps == 0)
    #expect(books.duplicates + books.reordered + books.foreign == 0)
  }

  @Test(
    arguments: [
      ([2, 3, 4], 1), ([0, 1, 2], 1), ([0, 2, 4], 2), ([], 1), ([1, 3], 3),
    ] as [([UInt64], UInt64)])
  func gapsAreCountedBeforeBetweenAndBehind(_ sequences: [UInt64], _ gaps: UInt64) {
    let books = ledger(0..<5, sequences)
    #expect(books.gaps == gaps)
    #expect(books.delivered == UInt64(sequences.count))
  }

  @Test func aSecondDeliveryIsADuplicateAndIsNotDelivered() {
    let books = ledger(0..<3, [0, 1, 1, 2, 0])
    #expect(books.delivered == 3)
    #expect(books.duplicates == 2)
    #expect(books.reordered == 0)
  }

  @Test func aLateDeliveryIsReorderedAndDelivered() {
    let books = ledger(0..<3, [0, 2, 1])
    #expect(books.delivered == 3)
    #expect(books.reordered == 1)
  }

  @Test func numbersThatWereNotProducedAreForeign() {
    let books = ledger(10..<12, [9, 10, 11, 12, .max])
    #expect(books.delivered == 2)
    #expect(books.foreign == 3)
  }

  @Test func anEmptyRangeHasEmptyBooks() {
    #expect(ledger(0..<0, []).gaps == 0)
  }
}
