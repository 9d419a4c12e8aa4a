/// A first-in, first-out queue of sub-buffer indices, which allocates only when it is created.
struct IndexQueue {
  private var items: [Int]
  private var head = 0
  private(set) var count = 0

  /// Creates an empty queue with a fixed capacity.
  init(capacity: Int) {
    items = Array(repeating: 0, count: capacity)
  }

  var isEmpty: Bool { count == 0 }

  /// The oldest index.
  var first: Int? { isEmpty ? nil : items[head] }

  mutating func append(_ index: Int) {
    items[(head + count) % items.count] = index
    count += 1
  }

  mutating func popFirst() -> Int? {
    guard let first else { return nil }
    head = (head + 1) % items.count
    count -= 1
    return first
  }

  /// Exchanges the two oldest indices, if the queue has two.
  mutating func exchangeOldest() {
    guard count > 1 else { return }
    let second = (head + 1) % items.count
    let oldest = items[head]
    items[head] = items[second]
    items[second] = oldest
  }
}
