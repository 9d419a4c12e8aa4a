extension LossScenario {
  /// Amounts and sizes of the events.
  static let productions = [
    LossScenario(
      "one-short-of-full", .production, "one event less than the capacity is written, then everything is read",
      reaching: [.eventsDelivered], [.reader([.write(.capacity(1, plus: -1))])]),
    LossScenario(
      "exactly-full", .production, "exactly the capacity is written, then everything is read",
      reaching: [.eventsDelivered], [.reader([.write(.capacity(1))])]),
    LossScenario(
      "one-over", .production, "one event more than the capacity is written, then everything is read",
      reaching: [.eventsDelivered], [.reader([.write(.capacity(1, plus: 1))])]),
    LossScenario(
      "one-over-and-more", .production,
      "one event more than the capacity is written, everything is read, and another sub-buffer is written",
      reaching: [.eventsDelivered], [.reader([.write(.capacity(1, plus: 1)), .readAll, .write(.subbuffers(1))])]),
    LossScenario(
      "bursts-within-capacity", .production,
      "eight bursts of half the capacity; the reader reads everything after each",
      reaching: [.eventsDelivered], [.reader([.times(.exactly(8), [.write(.capacity(0.5)), .readAll])])]),
    LossScenario(
      "bursts-beyond-capacity", .production,
      "eight bursts of 1.5 times the capacity; the reader reads everything after each",
      reaching: [.eventsLost], [.reader([.times(.exactly(8), [.write(.capacity(1.5)), .readAll])])]),
    LossScenario(
      "too-big", .production,
      "three events with a payload of the size of a sub-buffer, before and after events that fit",
      reaching: [.eventsLost], [.reader([.write(.subbuffers(1)), .write(.events(3), .tooBig), .write(.subbuffers(1))])]),
    LossScenario(
      "too-big-after-full", .production,
      "three events with a payload of the size of a sub-buffer, after three times the capacity",
      reaching: [.eventsLost], [.reader([.write(.capacity(3)), .write(.events(3), .tooBig)])]),
    LossScenario(
      "mixed-sizes", .production, "payloads of 0 to 400 bytes; the reader starts after the last write",
      payload: .mixed(least: 0, spread: 400), reaching: [.eventsLost], [.reader([.write(.capacity(4))])]),
    LossScenario(
      "mixed-sizes-falls-behind", .production,
      "payloads of 0 to 400 bytes; the reader reads one of three sub-buffers",
      payload: .mixed(least: 0, spread: 400),
      reaching: [.eventsLost], [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "filled-to-the-last-byte", .production,
      "events that fill sub-buffers to the last byte; the reader starts after the last write",
      payload: .leaving(0), reaching: [.eventsLost], [.reader([.write(.capacity(4))])]),
    LossScenario(
      "filled-falls-behind", .production,
      "events that fill sub-buffers to the last byte; the reader reads one of three sub-buffers",
      payload: .leaving(0), reaching: [.eventsLost],
      [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "four-bytes-left", .production,
      "events that leave four bytes of a sub-buffer unused; the reader reads one of three sub-buffers",
      payload: .leaving(4), reaching: [.eventsLost],
      [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "eight-bytes-left", .production,
      "events that leave eight bytes of a sub-buffer unused; the reader reads one of three sub-buffers",
      payload: .leaving(8), reaching: [.eventsLost],
      [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "one-event-each", .production,
      "one event per sub-buffer; the reader reads one of three sub-buffers", payload: .onePerSubbuffer,
      reaching: [.eventsLost], [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "smallest-events", .production, "events without a payload; the reader starts after the last write",
      payload: .bytes(0), reaching: [.eventsLost], [.reader([.write(.capacity(4))])]),
  ]

  /// Size and number of the sub-buffers.
  static let geometries = [
    LossScenario(
      "two-subbuffers", .geometry, "2 sub-buffers of 4 KiB; the reader starts after the last write", subbufferCount: 2,
      reaching: [.eventsLost], [.reader([.write(.capacity(6))])]),
    LossScenario(
      "two-subbuffers-falls-behind", .geometry,
      "2 sub-buffers of 4 KiB; the reader reads one of three sub-buffers", subbufferCount: 2,
      reaching: [.eventsLost], [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "64-subbuffers", .geometry, "64 sub-buffers of 4 KiB; the reader starts after the last write", subbufferCount: 64,
      reaching: [.eventsLost], [.reader([.write(.capacity(2))])]),
    LossScenario(
      "64-subbuffers-falls-behind", .geometry,
      "64 sub-buffers of 4 KiB; the reader reads one of three sub-buffers", subbufferCount: 64,
      reaching: [.eventsLost], [.reader([.times(.exactly(40), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "16-kib-subbuffers", .geometry,
      "8 sub-buffers of 16 KiB; the reader starts after the last write", subbufferSize: 16384,
      reaching: [.eventsLost], [.reader([.write(.capacity(3))])]),
    LossScenario(
      "64-kib-subbuffers", .geometry, "4 sub-buffers of 64 KiB; the reader reads one of three sub-buffers",
      subbufferSize: 65536, subbufferCount: 4,
      reaching: [.eventsLost], [.reader([.times(.exactly(6), [.write(.subbuffers(3)), .readOne])])]),
  ]
}
