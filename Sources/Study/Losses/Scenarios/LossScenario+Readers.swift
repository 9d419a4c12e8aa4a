extension LossScenario {
  /// What the reader does.
  static let readers = [
    LossScenario(
      "keeps-up", .reader, "20,000 events a second in bursts of 20, and the reader reads all the time",
      [.reader([.keepUp(.laps, rate: 20_000, burst: 20)])]),
    LossScenario(
      "races", .reader,
      "200 laps of 2 sub-buffers, as fast as the producer can, and the reader reads all the time", subbufferCount: 2,
      [.reader([.keepUp(.capacity(200), rate: 0, burst: 1)])]),
    LossScenario(
      "slow-reader", .reader,
      "20,000 events a second in bursts of 20, and the reader takes one sub-buffer every 30 ms",
      [.reader([.readAtIntervals(.laps, rate: 20_000, milliseconds: 30)])]),
    LossScenario(
      "falls-behind", .reader, "the reader takes one sub-buffer for every three that are written",
      [.reader([.times(.laps(perSubbuffers: 3), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "stalled", .reader, "the reader reads nothing until the producer is done", [.reader([.write(.laps)])]),
    LossScenario(
      "stalled-then-resumes", .reader, "the reader stalls over three laps, reads everything, and then keeps up",
      [.reader([.write(.capacity(3)), .readAll, .keepUp(.capacity(2), rate: 20_000, burst: 20)])]),
    LossScenario(
      "stalls-again-and-again", .reader, "four times: two laps are written, then the reader reads everything",
      [.reader([.times(.exactly(4), [.write(.capacity(2)), .readAll])])]),
    LossScenario(
      "holds-within-capacity", .reader, "the reader holds a sub-buffer while half of what fits is written",
      [.reader([.write(.subbuffers(2)), .hold([.write(.capacity(0.5))])])]),
    LossScenario(
      "holds-while-lapped", .reader, "the reader holds a sub-buffer while three laps are written",
      [.reader([.write(.subbuffers(2)), .hold([.write(.capacity(3))])])]),
    LossScenario(
      "holds-partial", .reader,
      "the reader holds the sub-buffer that the writer is in, ended where the ABI needs that, while three laps are written",
      [.reader([.write(.subbuffers(0.5)), .flush, .hold([.write(.capacity(3))])])]),
    LossScenario(
      "holds-each-over-a-lap", .reader, "four times: the reader holds a sub-buffer while a lap is written",
      [.reader([.write(.subbuffers(2)), .times(.exactly(4), [.hold([.write(.capacity(1))])])])]),
    LossScenario(
      "absent-within-capacity", .reader, "half of what fits is written before the reader comes",
      [.nobody([.write(.capacity(0.5))]), .reader([.write(.subbuffers(2))])]),
    LossScenario(
      "absent-then-attaches", .reader,
      "three laps are written before the reader comes, and two sub-buffers while it is there",
      [.nobody([.write(.capacity(3))]), .reader([.readAll, .write(.subbuffers(2))])]),
    LossScenario(
      "absent-then-lossy-without-room", .reader,
      "three laps are written before the reader comes and another before it first acquires, of events that leave no room "
        + "for a number", payload: .leaving(0),
      [.nobody([.write(.capacity(3))]), .reader([.write(.capacity(1)), .readAll, .write(.subbuffers(2))])]),
    LossScenario(
      "reopens-within-capacity", .reader,
      "the reader reads, closes, and comes again with what it knew, when half of what fits was written",
      [
        .reader([.write(.subbuffers(2)), .readAll]), .nobody([.write(.capacity(0.5))]), .reader([.readAll]),
      ]),
    LossScenario(
      "reopens-after-loss", .reader,
      "the reader reads, closes, and comes again with what it knew, when three laps were written",
      [
        .reader([.write(.subbuffers(2)), .readAll]), .nobody([.write(.capacity(3))]),
        .reader([.readAll, .write(.subbuffers(2))]),
      ]),
    LossScenario(
      "killed-holding", .reader,
      "a process takes a sub-buffer for reading and is killed; a reader that knows nothing of it takes its place",
      [.nobody([.write(.subbuffers(3))]), .killedHolding, .reader([.readAll, .write(.subbuffers(2))])]),
    LossScenario(
      "killed-holding-then-lapped", .reader,
      "a process takes a sub-buffer for reading and is killed; three laps are written; a reader takes its place",
      [
        .nobody([.write(.subbuffers(3))]), .killedHolding, .nobody([.write(.capacity(3))]),
        .reader([.readAll, .write(.subbuffers(2))]),
      ]),
  ]

  /// What is written for each sub-buffer that the reader takes: the rows of the figure.
  static let offeredLoads = [0.5, 1, 1.5, 2, 3, 5, 10].map { load in
    let text = load == load.rounded() ? String(Int(load)) : String(load)
    return LossScenario(
      "offered-\(text)", .offeredLoad, "the reader takes one sub-buffer each time that \(text) of them were written",
      offeredLoad: load,
      [.reader([.times(.exactly(24), [.write(.subbuffers(load)), .readOne])])])
  }
}
