import Study

extension Catalogue {
  /// The questions that a designer of a reader ABI has to decide.
  static let decisions: [DesignQuestion] = [
    DesignQuestion("Where is the reader sub-buffer?", "where-the-subbuffer-is"),
    DesignQuestion(
      "Acquire of an empty buffer", "acquire-of-nothing", sentence: "An acquire of an empty ring buffer gives"),
    DesignQuestion("Partial sub-buffer handed out?", "partial-not-visible"),
    DesignQuestion("Does it grow while held?", "commit-advances-without-acquire"),
    DesignQuestion("Events consumed", "consumed-at-release", sentence: "Events count as consumed"),
    DesignQuestion(
      "Dead reader's events delivered again?", "dead-reader-events-again",
      sentence: "Are the events of a reader that died while it held a sub-buffer delivered again"),
    DesignQuestion("Writer killed inside a write", "writer-killed-inside-a-write"),
    DesignQuestion("Overwritten events reported", "overwrite-number-not-told"),
    DesignQuestion("Dropped events reported", "discard-told-exactly"),
    DesignQuestion("Side of the gap with the count", "count-beside-the-gap"),
    DesignQuestion("Cleared events reported as lost?", "cleared-is-not-lost"),
    DesignQuestion("Recording off reported?", "recording-off-told"),
    DesignQuestion("Second reader", "several-readers", sentence: "A second reader at the same time"),
    DesignQuestion("End of stream", "eagain-and-enodata"),
    DesignQuestion("poll at the writer's end", "end-told-by-poll"),
    DesignQuestion("poll after draining", "poll-when-all-is-read"),
    DesignQuestion("Random access without consuming", "non-destructive-reading"),
    DesignQuestion("Reader may store into it", "reader-cannot-store"),
    DesignQuestion("Pages outside the held sub-buffer", "outside-the-held-subbuffer"),
    DesignQuestion("Writer learns of a drop", "writer-told-of-drop"),
    DesignQuestion("32-bit reader acquires", "ioctl-for-32-bits"),
    DesignQuestion("Resize while mapped", "resize-while-mapped"),
    DesignQuestion("Second acquire without release", "double-acquire"),
    DesignQuestion("Release without acquire", "release-without-acquire"),
  ]
}
