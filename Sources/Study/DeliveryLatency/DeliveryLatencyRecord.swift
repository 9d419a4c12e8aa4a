import Results
import SubbufferSource
import Workload

/// The record of a reader at one point, written while it reads; everything else is computed afterwards.
struct DeliveryLatencyRecord {
  /// The first sequence number that is recorded.
  private let first: UInt64
  /// The moment at which each recorded event was held, in nanoseconds of CLOCK_MONOTONIC; 0 where it was not.
  private var held: [UInt64]
  /// The event's own time stamp.
  private var stamps: [UInt64]
  /// For each hand-over that ended with a recorded event: the moment, and the time stamp of that event.
  private var handovers: [(held: UInt64, youngest: UInt64)] = []

  /// The number of recorded events that came.
  private(set) var seen: UInt64 = 0
  /// The number of events that came again.
  private(set) var repeated: UInt64 = 0
  /// `true` if the last recorded event came, or one after it.
  private(set) var isComplete = false

  /// For N events from a sequence number on.
  init(first: UInt64, count: UInt64) {
    self.first = first
    held = [UInt64](repeating: 0, count: Int(count))
    stamps = held
    handovers.reserveCapacity(Int(count))
  }

  /// Writes down what is in a sub-buffer that was acquired at a moment.
  mutating func add(
    _ subbuffer: borrowing Subbuffer, _ decoder: some SubbufferDecoder, heldAt moment: UInt64
  ) throws(SourceError) {
    let type = decoder.sequenceTypeID
    var youngest: (sequence: UInt64, stamp: UInt64)?
    do {
      try decoder.forEachEvent(in: subbuffer) { event, bytes in
        guard event.typeID == type, let sequence = decoder.sequenceNumber(of: event, in: bytes) else { return }
        add(sequence, stamp: event.timestamp, heldAt: moment)
        youngest = (sequence, event.timestamp)
      }
    } catch {
      throw SourceError(error)
    }
    if let youngest, isRecorded(youngest.sequence) { handovers.append((moment, youngest.stamp)) }
  }

  /// Writes down one event.
  mutating func add(_ sequence: UInt64, stamp: UInt64, heldAt moment: UInt64) {
    guard isRecorded(sequence) else {
      // An event of an earlier load has a smaller number.
      if sequence >= first &+ UInt64(held.count) { isComplete = true }
      return
    }
    let index = Int(sequence &- first)
    if index == held.count - 1 { isComplete = true }
    guard held[index] == 0 else {
      repeated += 1
      return
    }
    seen += 1
    held[index] = moment
    stamps[index] = stamp
  }

  private func isRecorded(_ sequence: UInt64) -> Bool {
    sequence >= first && sequence &- first < UInt64(held.count)
  }
}

extension DeliveryLatencyRecord {
  /// The ages computed from the record.
  /// - Parameters:
  ///   - load: what was written.
  ///   - begin: CLOCK_MONOTONIC at the begin of the load, as the producer tells it.
  func ages(_ load: Load, begin: UInt64, place: Int) -> DeliveryLatencyAges {
    var ages = DeliveryLatencyAges()
    var (age, youngest, intended) = (Samples(), Samples(), Samples())
    for (index, moment) in held.enumerated() where moment > 0 {
      age.record(moment, since: stamps[index])
      intended.record(moment, since: begin &+ load.intended(first &+ UInt64(index)))
    }
    for handover in handovers { youngest.record(handover.held, since: handover.youngest) }
    ages.age = age.samples.take(place: place)
    ages.youngest = youngest.samples.take(place: place)
    ages.intended = intended.samples.take(place: place)
    ages.ahead = age.ahead
    return ages
  }

  private struct Samples {
    var samples = LatencySamples(digits: .two)
    /// The number of time stamps in the future.
    var ahead: UInt64 = 0

    mutating func record(_ moment: UInt64, since begin: UInt64) {
      if begin > moment { ahead += 1 }
      samples.record(moment > begin ? moment - begin : 0)
    }
  }
}

/// The ages of the events of one point of a trial, as three distributions, each `nil` without a sample.
struct DeliveryLatencyAges {
  /// Of every event, from its time stamp.
  var age: Trial?
  /// The ages of the newest event of each hand-over, from its time stamp.
  var youngest: Trial?
  /// Of every event, from the time for which it was meant.
  var intended: Trial?
  /// The number of time stamps later than the moment at which the event was held; their age counts as 0.
  var ahead: UInt64 = 0
}
