import Results
import SubbufferSource
import Workload

/// One load that goes into ring buffers of several back ends at once: the same events, call by call.
struct SharedLoadRun: Sendable {
  /// The course of a load.
  enum Course: String, Sendable, CaseIterable {
    case fits
    case stalled
    case rounds

    /// The course in a sentence.
    var title: String {
      switch self {
      case .fits: "half of what the ring buffer with the least room holds is written and read"
      case .stalled:
        "three times what the ring buffer with the most room holds is written, everything is read; one event more is written "
          + "and read"
      case .rounds:
        "three times: one and a half times what the ring buffer with the most room holds is written, and everything is read"
      }
    }

    /// The numbers of events that are written before each reading.
    func loads(least: Int, most: Int) -> [Int] {
      switch self {
      case .fits: [least / 2]
      case .stalled: [3 * most, 1]
      case .rounds: [Int](repeating: most * 3 / 2, count: 3)
      }
    }
  }

  let writer: any SharedWriter
  let backends: [String]
  let course: Course
  let mode: RingMode
  let producerCPU: Int

  private static let payload: UInt32 = 24

  /// All loads of a writer and those of its back ends that can run here: in each mode the back ends that have it, two at
  /// least.
  static func all(_ writer: any SharedWriter, _ able: [any StudiedBackend], producerCPU: Int) -> [SharedLoadRun] {
    RingMode.allCases.flatMap { mode -> [SharedLoadRun] in
      let backends = writer.backends.filter { name in able.contains { $0.name == name && $0.modes.contains(mode) } }
      guard backends.count >= 2 else { return [] }
      return Course.allCases.map {
        SharedLoadRun(writer: writer, backends: backends, course: $0, mode: mode, producerCPU: producerCPU)
      }
    }
  }

  /// Writes and reads.
  /// - Throws: ``SourceError`` where a call fails.
  func callAsFunction() throws(SourceError) -> SharedLoadRecord {
    let configuration = RingConfiguration(mode: mode, producerCPU: producerCPU)
    let room = backends.map { configuration.capacity / writer.eventSize(payload: SharedLoadRun.payload, of: $0) }
    var record = SharedLoadRecord(
      course: course.rawValue, title: course.title, mode: mode,
      setup: [
        Observation("bytes of each ring buffer", configuration.capacity),
        Observation("payload", Int(SharedLoadRun.payload)),
      ], rings: [])
    try writer.withReaders(of: backends, configuration) { (producer, readers) throws(SourceError) in
      var next: UInt64 = 0
      let loads = course.loads(least: room.min() ?? 0, most: room.max() ?? 0)
      for (number, count) in loads.enumerated() {
        let truth = try producer.write(Load(first: next, count: UInt64(count), payload: SharedLoadRun.payload))
        next += truth.produced
        for reader in readers {
          reader.note(truth)
          try reader.readAll(isLast: number == loads.count - 1)
        }
      }
      record.rings = zip(readers, room).map { reader, room in
        SharedLoadRecord.Ring(backend: reader.backend, room: room, history: reader.history)
      }
    }
    return record
  }
}
