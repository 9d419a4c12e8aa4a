import Results
import Study

extension BackendList {
  /// The questions that a designer of a reader ABI has to decide.
  static let decisions: [DesignQuestion] = [
    DesignQuestion("Location of the sub-buffer", "where-the-subbuffer-is"),
    DesignQuestion(
      "Non-blocking acquire, nothing to read", "acquire-of-nothing",
      sentence: "A non-blocking acquire of an empty ring buffer returns"),
    DesignQuestion("Partial sub-buffer handed out?", "partial-not-visible"),
    DesignQuestion("Extra sub-buffer for the reader?", "extra-reader-subbuffer"),
    DesignQuestion("Events consumed", "consumed-at-release", sentence: "Events count as consumed"),
    DesignQuestion(
      "Dead reader's events again?", "dead-reader-events-again",
      sentence: "The events that a dead reader held are delivered again"),
    DesignQuestion("Writer killed inside a write", "writer-killed-inside-a-write"),
    DesignQuestion("Overwritten events, as reported", "overwrite-number-not-told"),
    DesignQuestion("… in reader.lost_events", "lost-events-in-meta-page"),
    DesignQuestion("Dropped events, as reported", "discard-told-exactly"),
    DesignQuestion("Loss after the last event", "lost-record-without-later-event"),
    DesignQuestion("Side of the gap with the count", "count-beside-the-gap"),
    DesignQuestion("… if a packet is exactly full", "count-beside-the-gap-of-full"),
    DesignQuestion("Does the write report its drop?", "writer-told-of-drop"),
    DesignQuestion("Does a clear look like a loss?", "cleared-is-not-lost"),
    DesignQuestion(
      "Second reader's open, create_stream", "several-readers", sentence: "A second reader at the same time is"),
    DesignQuestion(
      "Second acquire without a release", "double-acquire", deed: "a second acquire without a release"),
    DesignQuestion(
      "Release without an acquire", "release-without-acquire", deed: "a release without an acquire"),
    DesignQuestion(
      "Reader's position beyond the writer's", "tail-beyond-head", deed: "a position beyond the writer's"),
    DesignQuestion("… of an empty ring buffer", "release-on-empty"),
    DesignQuestion("EAGAIN versus end of stream", "eagain-and-enodata"),
    DesignQuestion("poll at the writer's end", "end-told-by-poll"),
    DesignQuestion("poll after all is read", "poll-when-all-is-read"),
    DesignQuestion("Recording off reported?", "recording-off-told"),
    DesignQuestion("Readable twice before consumed?", "non-destructive-reading"),
    DesignQuestion("Snapshot and mapping exclusive?", "snapshot-excludes-mapping"),
    DesignQuestion(
      "Held sub-buffer modifiable?", "reader-cannot-store", deed: "a store into what it holds"),
    DesignQuestion("Other sub-buffers readable?", "outside-the-held-subbuffer"),
    DesignQuestion("Resize (buffer_size_kb) while mapped?", "resize-while-mapped"),
    DesignQuestion("splice while mapped", "splice-copies-while-mapped"),
    DesignQuestion("Acquire by a 32-bit reader?", "ioctl-for-32-bits"),
  ]

  /// The purposes of consumers, as the mails and the users of the ABIs name them.
  static let uses: [Use] = [
    Use("Count losses exactly, overwrite mode", .exactLosses(mode: .overwrite)),
    Use("Count losses exactly, discard mode", .exactLosses(mode: .discard)),
    Use(
      "Replace a dead consumer without a loss",
      .answer(claim: "dead-reader-events-again", oneOf: ["yes"])),
    Use("Read a sub-buffer while it is being filled", .answer(claim: "partial-not-visible", oneOf: ["yes"])),
    Use(
      "Let two consumers read the same events",
      .answer(claim: "several-readers", oneOf: ["accepted, both are independent"])),
    Use("Acquire from a 32-bit process", .answer(claim: "ioctl-for-32-bits", oneOf: ["yes"])),
    Use(
      "Learn from poll that the writer has ended",
      .answer(claim: "end-told-by-poll", oneOf: ["POLLHUP at once", "POLLHUP when all is read"])),
    Use("Keep consumers from modifying the data", .answer(claim: "reader-cannot-store", oneOf: ["no"])),
    Use(
      "Survive a truncation of the mapped file",
      .answer(claim: "truncated-memory", oneOf: ["no effect", "acquire returns -EIO", "refused: -EINVAL"])),
  ]
}
