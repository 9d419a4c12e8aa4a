/// An operation of a design, such as the writing of one event, taken apart into steps.
///
/// Each step makes at most one atomic access to the memory; all that an operation remembers between two steps is in the
/// value itself. So a scheduler can interleave operations at any step, copy a state and go on from it twice, and tell
/// whether it has seen a state before.
public protocol StepMachine: Sendable, Hashable {
  /// The result of the operation.
  associatedtype Output: Sendable

  /// Makes the next step.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Output>
}

/// The result of a step.
public enum StepOutcome<Output: Sendable>: Sendable {
  /// The operation has more steps.
  case more
  /// The operation is done.
  case done(Output)
}

extension StepMachine {
  /// Makes all steps that are left, one after the other.
  @inlinable
  public mutating func run<Memory: AtomicMemory>(on memory: inout Memory) -> Output {
    while true {
      if case .done(let output) = step(on: &memory) { return output }
    }
  }
}
