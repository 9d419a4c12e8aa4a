import SubbufferSource
import Testing

struct SequenceSetTests {
  @Test func `Ranges that touch become one, in whatever order they come`() {
    var set = SequenceSet()
    for range: ClosedRange<UInt64> in [5...6, 10...12, 0...1, 7...9, 2...2, 11...20, 30...30] { set.insert(range) }
    #expect(set.ranges == [0...2, 5...20, 30...30])
    #expect(set.greatest == 30)
    set.insert(1...40)
    #expect(set.ranges == [0...40])
  }

  @Test func `The greatest number there is does no harm`() {
    var set = SequenceSet()
    set.insert(.max ... .max)
    set.insert(0...0)
    set.insert(UInt64.max - 1...UInt64.max - 1)
    #expect(set.ranges == [0...0, UInt64.max - 1 ... .max])
    #expect(set.missing(from: 0..<UInt64.max).total == UInt64.max - 2)
  }

  @Test func `What is missing and what is common are the two parts of a range`() {
    var set = SequenceSet()
    for range: ClosedRange<UInt64> in [2...3, 6...9] { set.insert(range) }
    #expect(set.missing(from: 0..<12) == [0...1, 4...5, 10...11])
    #expect(set.common(with: 0...11) == [2...3, 6...9])
    #expect(set.missing(from: 7..<9).isEmpty)
    #expect(set.common(with: 3...6) == [3...3, 6...6])
    #expect(set.missing(from: 5..<5).isEmpty)
  }

  @Test func `Four ranges are shown, and that there are more`() {
    let ranges: [ClosedRange<UInt64>] = [1...1, 3...4, 6...6, 8...8]
    #expect(ranges.text == "1, 3 … 4, 6, 8")
    #expect((ranges + [10...10]).text == "1, 3 … 4, 6, 8, …")
  }
}
