import Platform
import SubbufferSource

/// Plays the lives of a scenario on a ring buffer, and keeps the history.
struct LossPlayer: StudiedRingVisitor {
  let scenario: LossScenario
  let sizes: EventSizing
  let mode: RingConfiguration.Mode
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
        recording.add(call: LossCall.killReader, result: try ring.killReaderHolding())
      case .reader(let steps):
        let isLast = !scenario.lives[(index + 1)...].contains { if case .reader = $0 { true } else { false } }
        var reader = LossReader(
          steps: steps, isLast: isLast, writer: writer, recording: recording, isOverwriting: mode == .overwrite)
        if index > 0 { recording.add(call: LossCall.open, result: "no error") }
        do {
          try ring.withSource(&reader)
        } catch  where error.kind == .call && scenario.hasKilledReader(before: index) {
          // The state left by the killed reader is the subject of the scenario.
          let why = error.errno.map { ErrnoName.result(-$0.rawValue) } ?? error.detail
          recording.add(call: error.call, result: "\(why); the reader gives up")
        }
        writer = reader.writer
        recording.close()
      }
    }
  }
}
