extension StepMachine {
  /// Makes the next step of an operation within another.
  /// - Returns: what the operation comes to, where that was its last step.
  @inline(__always)
  mutating func output<Memory: AtomicMemory>(on memory: inout Memory) -> Output? {
    if case .done(let output) = step(on: &memory) { output } else { nil }
  }
}
