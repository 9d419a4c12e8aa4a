/// A writer as a thread of a ``KernelModelWorld``: writes consecutive sequence numbers from 0.
public struct KernelWriterThread: Sendable, Hashable {
  /// The number of events committed.
  public private(set) var written: UInt64 = 0
  /// The number of events dropped.
  public private(set) var dropped: UInt64 = 0

  private let layout: KernelLayout
  private let count: UInt64
  private var sequence: UInt64 = 0
  private var operation: KernelWriteEvent

  /// - Parameter count: the number of events to write.
  init(_ layout: KernelLayout, count: UInt64) {
    self.layout = layout
    self.count = count
    operation = Self.operation(layout, 0)
  }

  var isDone: Bool { sequence == count }

  var isDecidingOnTail: Bool { operation.isDecidingOnTail }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) {
    guard case .done(let outcome) = operation.step(on: &memory) else { return }
    switch outcome {
    case .written: written += 1
    case .dropped: dropped += 1
    case .tooLong: break
    }
    sequence += 1
    operation = Self.operation(layout, sequence)
  }

  /// The bytes of payload of an event: different from one to the next, so that sub-buffers end at different places.
  static func payload(of sequence: UInt64) -> UInt32 { [0, 16, 8][Int(sequence % 3)] }

  private static func operation(_ layout: KernelLayout, _ sequence: UInt64) -> KernelWriteEvent {
    KernelWriteEvent(layout, sequence: sequence, payload: payload(of: sequence), timestamp: sequence)
  }
}
