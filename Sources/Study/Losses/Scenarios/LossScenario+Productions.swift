extension LossScenario {
  /// How much is written, and in what sizes.
  static let productions = [
    LossScenario(
      "one-short-of-full", .production, "one event less than fits is written, then everything is read",
      [.reader([.write(.capacity(1, plus: -1))])]),
    LossScenario(
      "exactly-full", .production, "exactly what fits is written, then everything is read",
      [.reader([.write(.capacity(1))])]),
    LossScenario(
      "one-over", .production, "one event more than fits is written, then everything is read",
      [.reader([.write(.capacity(1, plus: 1))])]),
    LossScenario(
      "one-over-and-more", .production,
      "one event more than fits is written, everything is read, and a sub-buffer more is written",
      [.reader([.write(.capacity(1, plus: 1)), .readAll, .write(.subbuffers(1))])]),
    LossScenario(
      "bursts-within-capacity", .production, "bursts of half of what fits, and the reader reads all the time",
      [.reader([.times(.exactly(8), [.write(.capacity(0.5)), .readAll])])]),
    LossScenario(
      "bursts-beyond-capacity", .production,
      "bursts of one and a half of what fits, with the reader reading in between",
      [.reader([.times(.exactly(8), [.write(.capacity(1.5)), .readAll])])]),
    LossScenario(
      "too-big", .production,
      "among events that fit, three of as many bytes beside number and length as a sub-buffer has",
      [.reader([.write(.subbuffers(1)), .write(.events(3), .tooBig), .write(.subbuffers(1))])]),
    LossScenario(
      "too-big-after-full", .production,
      "behind three laps, three events of as many bytes beside number and length as a sub-buffer has",
      [.reader([.write(.capacity(3)), .write(.events(3), .tooBig)])]),
    LossScenario(
      "mixed-sizes", .production, "events of 0 to 400 bytes beside the number; nothing is read until all are written",
      payload: .mixed(least: 0, spread: 400), [.reader([.write(.capacity(4))])]),
    LossScenario(
      "mixed-sizes-falls-behind", .production,
      "events of 0 to 400 bytes beside the number; the reader takes one sub-buffer for every three",
      payload: .mixed(least: 0, spread: 400),
      [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "filled-to-the-last-byte", .production, "events that fill sub-buffers to the last byte; the reader is stalled",
      payload: .leaving(0), [.reader([.write(.capacity(4))])]),
    LossScenario(
      "filled-falls-behind", .production,
      "events that fill sub-buffers to the last byte; the reader takes one sub-buffer for every three",
      payload: .leaving(0), [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "four-bytes-left", .production,
      "events that leave four bytes of a sub-buffer; the reader takes one sub-buffer for every three",
      payload: .leaving(4), [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "eight-bytes-left", .production,
      "events that leave eight bytes of a sub-buffer; the reader takes one sub-buffer for every three",
      payload: .leaving(8), [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "one-event-each", .production,
      "sub-buffers that hold one event; the reader takes one sub-buffer for every three", payload: .onePerSubbuffer,
      [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "smallest-events", .production, "events of nothing beside the number; the reader is stalled",
      payload: .bytes(0), [.reader([.write(.capacity(4))])]),
  ]

  /// Size and number of the sub-buffers.
  static let geometries = [
    LossScenario(
      "two-subbuffers", .geometry, "2 sub-buffers of 4 KiB; the reader is stalled", subbufferCount: 2,
      [.reader([.write(.capacity(6))])]),
    LossScenario(
      "two-subbuffers-falls-behind", .geometry,
      "2 sub-buffers of 4 KiB; the reader takes one sub-buffer for every three", subbufferCount: 2,
      [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "64-subbuffers", .geometry, "64 sub-buffers of 4 KiB; the reader is stalled", subbufferCount: 64,
      [.reader([.write(.capacity(2))])]),
    LossScenario(
      "64-subbuffers-falls-behind", .geometry,
      "64 sub-buffers of 4 KiB; the reader takes one sub-buffer for every three", subbufferCount: 64,
      [.reader([.times(.exactly(40), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "16-kib-subbuffers", .geometry, "8 sub-buffers of 16 KiB; the reader is stalled", subbufferSize: 16384,
      [.reader([.write(.capacity(3))])]),
    LossScenario(
      "64-kib-subbuffers", .geometry, "4 sub-buffers of 64 KiB; the reader takes one sub-buffer for every three",
      subbufferSize: 65536, subbufferCount: 4,
      [.reader([.times(.exactly(6), [.write(.subbuffers(3)), .readOne])])]),
  ]
}
