import Results
import Study
import Testing

@Suite struct SeededGeneratorTests {
  /// The first outputs of SplitMix64 for the seed 1234567, from its reference implementation.
  @Test func isSplitMix64() {
    var generator = SeededGenerator(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
  }

  @Test func theSameSeedGivesTheSameOrder() {
    func order(_ seed: UInt64) -> [Int] {
      var generator = SeededGenerator(seed: seed)
      return (0..<10).shuffled(using: &generator)
    }
    #expect(order(3) == order(3))
    #expect(order(3) != order(4))
  }
}
