import Platform
import Results
import SubbufferSource
import Workload

/// Writes a ``LossHistory`` down while it comes about.
final class LossRecording {
  private(set) var history = LossHistory()
  /// The readings of the channels by the readers that are gone.
  private var before: [LossChannel: LossReading] = [:]
  private var totalsBefore: (readerABI: TotalLoss, recipe: TotalLoss)?
  /// The readings by the current reader.
  private var current: [LossReading] = []
  private var currentTotals: (readerABI: TotalLoss, recipe: TotalLoss)?
  /// The loss reported by the hand-overs; `nil` before the first.
  private var handoverLoss: Loss?

  // MARK: The producer

  /// The next sequence number.
  var next: UInt64 { history.produced }

  /// A load was written.
  func add(_ truth: Truth) {
    history.produced &+= truth.produced
    history.refused &+= truth.refused
    if history.refusal == nil, truth.refused > 0, truth.firstErrno != 0 {
      history.refusal = truth.firstErrno
    }
  }

  /// An event was begun, whose write has not returned.
  func begin() { history.produced &+= 1 }

  /// The write of an event will never return.
  func abandon(_ sequence: UInt64) { history.unfinished.append(sequence) }

  // MARK: The reader

  /// A call was made.
  func add(_ purpose: CallRecord.Purpose, _ call: String, result: String) {
    history.calls.append(
      CallRecord(handovers: history.handovers.count, purpose: purpose, call: call, result: result))
  }

  /// The ring buffer was cleared.
  func addClear(capacity: UInt64, isOverwriting: Bool) {
    history.clears.append(
      ClearRecord(
        handovers: history.handovers.count, produced: history.produced, capacity: capacity,
        isOverwriting: isOverwriting))
  }

  /// A sub-buffer was handed out and read.
  func add(_ handover: HandoverRecord, loss: Loss) {
    history.handovers.append(handover)
    handoverLoss = handoverLoss?.adding(loss) ?? loss
  }

  /// A sub-buffer could not be decoded.
  func add(_ malformed: MalformedSubbuffer) {
    if history.malformed == nil {
      history.malformed = "hand-over \(history.handovers.count): \(malformed)"
    }
  }

  /// Reads the channels.
  /// - Parameter isEnd: whether it is after the last hand-over.
  func readChannels<Source: SubbufferSource & ~Copyable>(
    of source: inout Source, isEnd: Bool = false
  ) throws(SourceError) {
    current = try source.lossChannels()
    let totals = (
      readerABI: source.totalLoss(of: current.filter(\.channel.isReaderABI)).behind(totalsBefore?.readerABI),
      recipe: source.totalLoss(of: current).behind(totalsBefore?.recipe)
    )
    currentTotals = totals
    history.recipe.isReaderABI = totals.recipe.channels.allSatisfy(\.isReaderABI)
    let handover = isEnd ? history.end : history.handovers.count
    for reading in current {
      let sum = reading.behind(before[reading.channel])
      history.channels.note(
        reading.channel,
        ReadingRecord(handover: handover, loss: sum.loss, marks: sum.marks))
    }
    history.readerABI.note(ReadingRecord(handover: handover, loss: totals.readerABI.loss))
    history.recipe.note(ReadingRecord(handover: handover, loss: totals.recipe.loss))
    history.handoverLosses.note(ReadingRecord(handover: handover, loss: handoverLoss ?? .notTold))
  }

  /// The reader closes; the next one's channels begin anew.
  func close() {
    for reading in current { before[reading.channel] = reading.behind(before[reading.channel]) }
    totalsBefore = currentTotals ?? totalsBefore
    current = []
    currentTotals = nil
  }

  /// Ends the history: what the writer was told is a channel too.
  func end(tellsWriter: Bool) {
    history.channels.note(
      LossChannel(ChannelHistory.writerError, place: .writer, isReaderABI: false),
      ReadingRecord(handover: history.end, loss: tellsWriter ? .counted(history.refused) : .notTold))
  }
}

extension LossReading {
  /// This reading, added to the channel's reports to earlier readers.
  fileprivate func behind(_ before: LossReading?) -> LossReading {
    guard let before else { return self }
    var sum = self
    if since == .source { sum.loss = before.loss.adding(loss) }
    sum.marks &+= before.marks
    return sum
  }
}

extension TotalLoss {
  /// This reading, added to those of earlier readers.
  fileprivate func behind(_ before: TotalLoss?) -> TotalLoss {
    guard let before, since == .source else { return self }
    return TotalLoss(before.loss.adding(loss), from: channels)
  }
}

extension LossHistory {
  /// Nothing yet.
  init() {
    self.init(
      produced: 0, refused: 0, unfinished: [], handovers: [], channels: [],
      readerABI: ChannelHistory(channel: LossHistory.readerABIName, isReaderABI: true, readings: []),
      recipe: ChannelHistory(channel: LossHistory.recipeName, isReaderABI: false, readings: []),
      handoverLosses: ChannelHistory(channel: LossHistory.handoversName, isReaderABI: true, readings: []), calls: [])
  }
}

extension ChannelHistory {
  /// Keeps a reading that differs from the one before it.
  mutating func note(_ reading: ReadingRecord) {
    if let last, last.loss == reading.loss, last.marks == reading.marks { return }
    readings.append(reading)
  }
}

extension [ChannelHistory] {
  /// Keeps a reading of a channel.
  mutating func note(_ channel: LossChannel, _ reading: ReadingRecord) {
    if let index = firstIndex(where: { $0.channel == channel.description }) {
      self[index].note(reading)
    } else {
      append(
        ChannelHistory(
          channel: channel.description, isReaderABI: channel.isReaderABI, counts: channel.counts,
          place: channel.place, readings: [reading]))
    }
  }
}

/// Plays the lives of a scenario on a ring buffer, and keeps the history.
struct LossPlayer: StudiedRingVisitor {
  let scenario: LossScenario
  let sizes: ScenarioSizing
  let mode: RingMode
  let seed: UInt64
  let recording = LossRecording()

  mutating func visit(_ ring: some StudiedRing) throws(SourceError) {
    var writer = LossWriter(
      producer: ring.producer, heldAt: ring.heldAt, sizes: sizes, seed: seed, recording: recording)
    defer { recording.end(tellsWriter: ring.tellsWriter) }
    for (index, life) in scenario.lives.enumerated() {
      switch life {
      case .nobody(let steps):
        for step in steps { try writer.play(step) }
      case .killedHolding:
        recording.add(
          .killReader, "a reader in another process acquires, and is killed", result: try ring.killReaderHolding())
      case .reader(let steps):
        let isLast = !scenario.lives[(index + 1)...].contains { if case .reader = $0 { true } else { false } }
        var reader = LossReader(
          steps: steps, isLast: isLast, writer: writer, recording: recording, isOverwriting: mode == .overwrite)
        if index > 0 { recording.add(.open, "a reader opens", result: "no error") }
        do {
          try ring.withSource(&reader)
        } catch  where error.kind == .call && scenario.hasKilledReader(before: index) {
          // The state left by the killed reader is the subject of the scenario.
          let why = error.errno.map { ErrnoName.result(-$0.rawValue) } ?? error.detail
          recording.add(.failed, error.call, result: "\(why); the reader gives up")
        }
        writer = reader.writer
        recording.close()
      }
    }
  }
}
