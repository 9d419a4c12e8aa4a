import Platform
import Results
import SubbufferSource

/// Reads a source and writes down what it hands out and reports.
struct LossDrain {
  let recording: LossRecording
  /// `true` if the source has reported the end of the stream.
  private var isFinished = false
  /// N acquires may fail before the scenario ends: each may have consumed what could not be read.
  private var failuresLeft = 8

  init(recording: LossRecording) {
    self.recording = recording
  }

  /// Reads everything, including partial sub-buffers, and makes the ABI report the remaining losses.
  mutating func finish<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    try readAll(&source)
    try flush(&source)
    try readAll(&source)
    if try source.flushEmpty() == .flushed {
      recording.add(.flush, "flush of an empty sub-buffer", result: "no error")
      try readAll(&source)
    }
    recording.add(.lastAcquire, "the last acquire", result: isFinished ? "finished" : "nothing yet")
  }

  mutating func flush<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    switch try source.flush() {
    case .flushed: recording.add(.flush, "flush", result: "no error")
    case .notNeeded: break
    }
  }

  mutating func readAll<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    while try readOne(&source) { try Interruption.check() }
  }

  /// Reads one sub-buffer.
  /// - Parameter body: called while it is held, before it is read.
  /// - Returns: whether there was one, or one that could not be read.
  mutating func readOne<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, whileHeld body: () throws(SourceError) -> Void = {}
  ) throws(SourceError) -> Bool {
    if recording.history.malformed != nil { return false }
    let decoder = source.decoder
    do {
      switch try source.acquire() {
      case .subbuffer(let subbuffer):
        try body()
        read(subbuffer, decoder)
        try subbuffer.release()
      case .nothingYet:
        return false
      case .finished:
        isFinished = true
        return false
      }
    } catch  where error.kind == .malformed && failuresLeft > 0 {
      failuresLeft -= 1
      recording.add(.failed, "acquire", result: "\(error.call): \(error.detail)")
    }
    try recording.readChannels(of: &source)
    return true
  }

  private func read(_ subbuffer: borrowing Subbuffer, _ decoder: some SubbufferDecoder) {
    var handover = HandoverRecord(number: subbuffer.number)
    var malformed: MalformedSubbuffer?
    do {
      try decoder.forEachSequenceNumber(in: subbuffer) { handover.add($0) }
    } catch {
      malformed = error
    }
    recording.add(handover, loss: subbuffer.loss)
    if let malformed { recording.add(malformed) }
  }
}
