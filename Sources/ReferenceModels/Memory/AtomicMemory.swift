/// The memory on which the steps of a design work: words of 64 bits, numbered from 0.
///
/// The designs are written against this protocol alone, so that the same steps run over the atomics of the machine
/// (``SharedMemory``) and over a memory that a scheduler owns (``SteppedMemory``). The orderings are those of the C11
/// memory model; a memory may be stronger than asked.
package protocol AtomicMemory {
  /// Loads a word atomically.
  mutating func load(_ word: Int, _ order: LoadOrder) -> UInt64
  /// Stores a word atomically.
  mutating func store(_ value: UInt64, to word: Int, _ order: StoreOrder)
  /// Stores `desired` where the word is `expected`.
  /// - Returns: whether it was, and what the word was.
  mutating func compareExchange(
    _ word: Int, expected: UInt64, desired: UInt64, _ order: UpdateOrder
  ) -> (exchanged: Bool, original: UInt64)
  /// Adds to a word, with wrap-around.
  /// - Returns: what the word was before.
  mutating func fetchAdd(_ word: Int, _ operand: UInt64, _ order: UpdateOrder) -> UInt64
  /// Stores a word without any ordering, as the payload of an event is written.
  mutating func writePlain(_ value: UInt64, to word: Int)
  /// Loads a word without any ordering.
  mutating func readPlain(_ word: Int) -> UInt64
}

/// The ordering of a load.
package enum LoadOrder: Sendable {
  case relaxed
  case acquire
  case sequentiallyConsistent
}

/// The ordering of a store.
package enum StoreOrder: Sendable {
  case relaxed
  case release
  case sequentiallyConsistent
}

/// The ordering of a compare-exchange or a fetch-add.
package enum UpdateOrder: Sendable {
  case relaxed
  case acquire
  case release
  case acquireRelease
  case sequentiallyConsistent
}

/// Memory as a value, for a scheduler: every access takes effect at once and in the order of the steps, so it is
/// sequentially consistent, whatever ordering is asked for.
///
/// A word that is not there is a mistake in a design and ends the program.
package struct SteppedMemory: AtomicMemory, Sendable, Hashable {
  /// The words.
  package private(set) var words: [UInt64]

  /// Zeroed memory.
  /// - Parameter wordCount: the number of words.
  package init(wordCount: Int) {
    words = Array(repeating: 0, count: wordCount)
  }

  /// Loads a word atomically.
  package mutating func load(_ word: Int, _ order: LoadOrder) -> UInt64 { words[word] }

  /// Stores a word atomically.
  package mutating func store(_ value: UInt64, to word: Int, _ order: StoreOrder) { words[word] = value }

  /// Stores `desired` where the word is `expected`.
  /// - Returns: whether it was, and what the word was.
  package mutating func compareExchange(
    _ word: Int, expected: UInt64, desired: UInt64, _ order: UpdateOrder
  ) -> (exchanged: Bool, original: UInt64) {
    let original = words[word]
    if original == expected { words[word] = desired }
    return (original == expected, original)
  }

  /// Adds to a word, with wrap-around.
  /// - Returns: what the word was before.
  package mutating func fetchAdd(_ word: Int, _ operand: UInt64, _ order: UpdateOrder) -> UInt64 {
    let original = words[word]
    words[word] = original &+ operand
    return original
  }

  /// Stores a word without any ordering.
  package mutating func writePlain(_ value: UInt64, to word: Int) { words[word] = value }

  /// Loads a word without any ordering.
  package mutating func readPlain(_ word: Int) -> UInt64 { words[word] }
}
