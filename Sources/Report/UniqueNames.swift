/// Gives out names, each once: a second `probe-x` becomes `probe-x-2`.
struct UniqueNames {
  private var used: Set<String> = []

  mutating func next(_ wish: String) -> String {
    var name = wish
    var number = 2
    while !used.insert(name).inserted {
      name = "\(wish)-\(number)"
      number += 1
    }
    return name
  }
}
