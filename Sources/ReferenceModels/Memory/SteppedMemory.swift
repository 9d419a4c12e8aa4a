/// Memory as a value, for a scheduler: every access takes effect at once and in the order of the steps, so it is
/// sequentially consistent, whatever ordering is asked for.
///
/// A word that is not there is a mistake in a design and ends the program.
public struct SteppedMemory: AtomicMemory, Sendable, Hashable {
  /// The words.
  public private(set) var words: [UInt64]

  /// Zeroed memory.
  /// - Parameter wordCount: the number of words.
  public init(wordCount: Int) {
    words = Array(repeating: 0, count: wordCount)
  }

  /// Loads a word atomically.
  public mutating func load(_ word: Int, _ order: LoadOrder) -> UInt64 { words[word] }

  /// Stores a word atomically.
  public mutating func store(_ value: UInt64, to word: Int, _ order: StoreOrder) { words[word] = value }

  /// Stores `desired` where the word is `expected`.
  /// - Returns: whether it was, and what the word was.
  public mutating func compareExchange(
    _ word: Int, expected: UInt64, desired: UInt64, _ order: UpdateOrder
  ) -> (exchanged: Bool, original: UInt64) {
    let original = words[word]
    if original == expected { words[word] = desired }
    return (original == expected, original)
  }

  /// Adds to a word, with wrap-around.
  /// - Returns: what the word was before.
  public mutating func fetchAdd(_ word: Int, _ operand: UInt64, _ order: UpdateOrder) -> UInt64 {
    let original = words[word]
    words[word] = original &+ operand
    return original
  }

  /// Stores a word without any ordering.
  public mutating func writePlain(_ value: UInt64, to word: Int) { words[word] = value }

  /// Loads a word without any ordering.
  public mutating func readPlain(_ word: Int) -> UInt64 { words[word] }
}
