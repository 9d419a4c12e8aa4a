import Study

extension Sequence {
  /// The elements by key, the keys in the order in which they first occur.
  func grouped<Key: Hashable>(by key: (Element) -> Key) -> [(key: Key, elements: [Element])] {
    var order: [Key] = []
    var groups: [Key: [Element]] = [:]
    for element in self {
      let key = key(element)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(element)
    }
    return order.map { ($0, groups[$0] ?? []) }
  }

  /// The first element of each key.
  func uniqued<Key: Hashable>(by key: (Element) -> Key) -> [Element] {
    var known: Set<Key> = []
    return filter { known.insert(key($0)).inserted }
  }
}

extension Array {
  /// Each element with each after it, where both together are wanted.
  func pairs(where isWanted: (Element, Element) -> Bool) -> [(Element, Element)] {
    indices.flatMap { first in
      self[(first + 1)...].map { (self[first], $0) }.filter { isWanted($0.0, $0.1) }
    }
  }
}
