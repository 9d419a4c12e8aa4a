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
}

extension Results {
  /// The back ends in the order of ``Results/backends``, then any that only a record names.
  var backendNames: [String] {
    let recorded = operations.map(\.backend) + probes.map(\.backend) + latency.map(\.backend) + losses.map(\.backend)
    return (backends.map(\.name) + recorded).grouped { $0 }.map(\.key)
  }

  /// What became of a back end; `nil` where only records name it.
  func status(of backend: String) -> BackendResult.Status? {
    backends.first { $0.name == backend }?.status
  }
}
