import Results
import SubbufferSource
import Workload

/// A load under which readers are compared.
package struct CrossCheckLoad {
  /// The activity of the reader during the load.
  package enum Reader: String {
    /// Nothing until everything is written; then it reads all.
    case afterTheWriter = "nothing until all is written, then all"
    /// It takes one sub-buffer for every three that are written, and at the end all.
    case oneOfThree = "one sub-buffer for every three written, then all"
    /// It reads all that there is whenever one and a half times what the ring buffer holds was written.
    case inTurns = "all, whenever one and a half ring buffers were written"
  }

  /// Its name.
  package var name: String
  /// Bytes in each event besides the sequence number and its length word.
  package var payload: UInt32
  /// The number of halves of the ring buffer's capacity that are written.
  package var halves: Int
  /// The activity of the reader.
  package var reader: Reader
  /// Events that are written beyond that, so that the last sub-buffer is not always filled alike.
  package var extra: UInt64

  /// A load.
  package init(name: String, payload: UInt32 = 24, halves: Int, reader: Reader, extra: UInt64 = 0) {
    (self.name, self.payload, self.halves, self.reader, self.extra) = (name, payload, halves, reader, extra)
  }

  /// Half of the ring buffer is written.
  package static let nothingLost = CrossCheckLoad(name: "nothing lost", halves: 1, reader: .afterTheWriter)
  /// Three times the ring buffer's capacity is written without a reader.
  package static let stalled = CrossCheckLoad(name: "stalled", halves: 6, reader: .afterTheWriter)
  /// The reader falls behind.
  package static let fallsBehind = CrossCheckLoad(name: "falls behind", halves: 6, reader: .oneOfThree)
  /// The reader reads to the end, and too seldom.
  package static let inTurns = CrossCheckLoad(name: "in turns", halves: 6, reader: .inTurns)

  /// The same with a number of events that was drawn, less than a sub-buffer holds.
  package func drawing(_ generator: inout SeededGenerator) -> CrossCheckLoad {
    var load = self
    load.extra = UInt64.random(in: 0..<50, using: &generator)
    return load
  }

  /// The number of events written into a ring buffer.
  /// - Parameter eventSize: the bytes that one takes.
  package func eventCount(_ configuration: RingConfiguration, eventSize: Int) -> UInt64 {
    UInt64(halves * configuration.capacity / 2 / eventSize) + extra
  }

  /// Has the events written, and read as the load defines.
  /// - Parameters:
  ///   - takeOne: reads one sub-buffer, where there is one.
  ///   - takeAll: reads all there is.
  /// - Returns: what the producer reports that it wrote.
  /// - Throws: what the closures throw, and ``SourceError`` where the producer is gone.
  package func run(
    _ producer: any LoadProducer, _ configuration: RingConfiguration, eventSize: Int,
    takeOne: () throws(SourceError) -> Void, takeAll: () throws(SourceError) -> Void
  ) throws(SourceError) -> Truth {
    let count = eventCount(configuration, eventSize: eventSize)
    let chunk =
      switch reader {
      case .afterTheWriter: count
      case .oneOfThree: UInt64(3 * configuration.subbufferSize / eventSize)
      case .inTurns: UInt64(3 * configuration.capacity / 2 / eventSize)
      }
    var truth = try producer.write(Load(first: 0, count: 0, payload: payload))
    var first: UInt64 = 0
    while first < count {
      let next = min(chunk, count - first)
      truth = truth.followed(by: try producer.write(Load(first: first, count: next, payload: payload)))
      first += next
      switch reader {
      case .afterTheWriter: break
      case .oneOfThree: try takeOne()
      case .inTurns: try takeAll()
      }
    }
    if reader != .inTurns { try takeAll() }
    return truth
  }

  /// The load for a result.
  package func described(_ configuration: RingConfiguration, _ more: [Observation] = []) -> CrossCheckResult.Load {
    CrossCheckResult.Load(
      name: name,
      setup: [
        Observation("sub-buffer size", configuration.subbufferSize),
        Observation("sub-buffers", configuration.subbufferCount), Observation("payload", payload),
        Observation("reader", reader.rawValue),
      ] + more)
  }
}

/// An event of the workload as a reader tells it.
package struct TimedEvent: Equatable {
  /// Its sequence number.
  package var sequence: UInt64
  /// Its time, in nanoseconds of the ring buffer's clock.
  package var time: UInt64

  /// An event.
  package init(sequence: UInt64, time: UInt64) {
    (self.sequence, self.time) = (sequence, time)
  }
}

extension [TimedEvent] {
  /// The number of events that are the same, in their number and their time, at the same place of both.
  package func same(as others: [TimedEvent]) -> UInt64 {
    UInt64(zip(self, others).count { $0 == $1 })
  }

  /// The sequence number that comes next where none is missing.
  package var nextSequence: UInt64 { last.map { $0.sequence &+ 1 } ?? 0 }
}
