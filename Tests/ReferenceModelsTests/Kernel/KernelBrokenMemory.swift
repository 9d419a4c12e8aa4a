import ReferenceModels

/// A memory with a defect, to show that a check detects it.
struct KernelBrokenMemory: AtomicMemory, Hashable, Sendable {
  enum Defect: Hashable, Sendable {
    /// A compare-exchange stores without comparing, and reports success.
    case noCompare
    /// The writer's compare-exchange from flag 1 to flag 2, which marks a moving head, stores nothing and reports
    /// success.
    case noUpdateFlag
    /// Every hundredth plain store is lost.
    case lostStores
  }

  private var memory: SteppedMemory
  private let defect: Defect
  private var plainStores = 0

  init(wordCount: Int, defect: Defect) {
    memory = SteppedMemory(wordCount: wordCount)
    self.defect = defect
  }

  mutating func load(_ word: Int, _ order: LoadOrder) -> UInt64 { memory.load(word, order) }

  mutating func store(_ value: UInt64, to word: Int, _ order: StoreOrder) { memory.store(value, to: word, order) }

  mutating func compareExchange(
    _ word: Int, expected: UInt64, desired: UInt64, _ order: UpdateOrder
  ) -> (exchanged: Bool, original: UInt64) {
    switch defect {
    case .noCompare:
      memory.store(desired, to: word, .release)
      return (true, expected)
    case .noUpdateFlag where expected & 3 == 1 && expected ^ desired == 3: return (true, expected)
    case .noUpdateFlag, .lostStores:
      return memory.compareExchange(word, expected: expected, desired: desired, order)
    }
  }

  mutating func fetchAdd(_ word: Int, _ operand: UInt64, _ order: UpdateOrder) -> UInt64 {
    memory.fetchAdd(word, operand, order)
  }

  mutating func writePlain(_ value: UInt64, to word: Int) {
    plainStores += 1
    if defect == .lostStores, plainStores % 100 == 0 { return }
    memory.writePlain(value, to: word)
  }

  mutating func readPlain(_ word: Int) -> UInt64 { memory.readPlain(word) }
}
