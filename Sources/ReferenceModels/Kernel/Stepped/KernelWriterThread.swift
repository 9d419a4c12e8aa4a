/// A writer as a thread of a ``KernelModelWorld``: writes consecutive sequence numbers from 0.
///
/// It may be interrupted between reserve and commit by another that writes the next numbers.
public struct KernelWriterThread: Sendable, Hashable {
  /// The number of events committed.
  public private(set) var written: UInt64 = 0
  /// The number of events dropped.
  public private(set) var dropped: UInt64 = 0
  /// `true` if every event is committed or dropped.
  private(set) var isDone: Bool

  private let layout: KernelLayout
  private let count: UInt64
  private let nested: UInt64
  private var next: UInt64 = 1
  private var operation: KernelWriteEvent
  /// The present event of the writer that interrupts.
  private var interruption: KernelWriteEvent?
  /// The number of events that are left to write inside the present one.
  private var left: UInt64

  /// - Parameters:
  ///   - count: the number of events to write.
  ///   - nested: the number of events that others write inside every third event of the writer; 0 for none.
  init(_ layout: KernelLayout, count: UInt64, nested: UInt64) {
    self.layout = layout
    self.count = count
    self.nested = nested
    isDone = count == 0
    operation = Self.operation(layout, 0)
    left = nested
  }

  var isDecidingOnTail: Bool { (interruption ?? operation).isDecidingOnTail }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) {
    if var inner = interruption {
      let outcome = inner.step(on: &memory)
      interruption = inner
      guard case .done(let end) = outcome else { return }
      enter(end)
      interruption = nil
    } else if case .done(let end) = operation.step(on: &memory) {
      enter(end)
      guard next < count else {
        isDone = true
        return
      }
      left = next % 3 == 0 ? nested : 0
      operation = Self.operation(layout, next)
      next += 1
      return
    }
    guard operation.isUncommitted, left > 0, next < count else { return }
    interruption = Self.operation(layout, next, isNested: true)
    next += 1
    left -= 1
  }

  private mutating func enter(_ outcome: KernelWriteEvent.Outcome) {
    switch outcome {
    case .written: written += 1
    case .dropped: dropped += 1
    case .tooLong: break
    }
  }

  /// The bytes of payload of an event: different from one to the next, so that sub-buffers end at different places.
  static func payload(of sequence: UInt64) -> UInt32 { [0, 16, 8][Int(sequence % 3)] }

  private static func operation(
    _ layout: KernelLayout, _ sequence: UInt64, isNested: Bool = false
  ) -> KernelWriteEvent {
    KernelWriteEvent(
      layout, sequence: sequence, payload: payload(of: sequence), timestamp: sequence, isNested: isNested)
  }
}
