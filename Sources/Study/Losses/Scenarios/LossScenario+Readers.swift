import Results

extension LossScenario {
  /// Behaviours of the reader.
  static let readers = [
    LossScenario(
      "keeps-up", .reader, "20,000 events a second in bursts of 20; the reader reads continuously",
      reaching: [.eventsDelivered], [.reader([.keepUp(.laps, rate: 20_000, burst: 20)])]),
    LossScenario(
      "races", .reader,
      "200 times the capacity of 2 sub-buffers at the producer's full speed; the reader reads "
        + "continuously", subbufferCount: 2,
      reaching: [.eventsDelivered], [.reader([.keepUp(.capacity(200), rate: 0, burst: 1)])]),
    LossScenario(
      "slow-reader", .reader,
      "20,000 events a second in bursts of 20; the reader reads one sub-buffer every 30 ms",
      reaching: [.eventsLost], [.reader([.readAtIntervals(.laps, rate: 20_000, milliseconds: 30)])]),
    LossScenario(
      "falls-behind", .reader, "the reader reads one sub-buffer after every three written",
      reaching: [.eventsLost], [.reader([.times(.laps(perSubbuffers: 3), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "stalled", .reader, "the reader starts after the last write", reaching: [.eventsLost], [.reader([.write(.laps)])]),
    LossScenario(
      "stalled-then-resumes", .reader,
      "the reader stalls while three times the capacity is written, reads everything, and then keeps up",
      reaching: [.eventsLost],
      [.reader([.write(.capacity(3)), .readAll, .keepUp(.capacity(2), rate: 20_000, burst: 20)])]),
    LossScenario(
      "stalls-again-and-again", .reader, "four times: twice the capacity is written, then the reader reads everything",
      reaching: [.eventsLost], [.reader([.times(.exactly(4), [.write(.capacity(2)), .readAll])])]),
    LossScenario(
      "holds-within-capacity", .reader, "the reader holds a sub-buffer while half the capacity is written",
      reaching: [.subbufferHeld], [.reader([.write(.subbuffers(2)), .hold([.write(.capacity(0.5))])])]),
    LossScenario(
      "holds-while-lapped", .reader, "the reader holds a sub-buffer while three times the capacity is written",
      reaching: [.subbufferHeld, .eventsLost], [.reader([.write(.subbuffers(2)), .hold([.write(.capacity(3))])])]),
    LossScenario(
      "holds-partial", .reader,
      "the reader holds the partial sub-buffer, flushed if the ABI requires it, while three times the capacity is "
        + "written",
      reaching: [.subbufferHeld, .eventsLost],
      [.reader([.write(.subbuffers(0.5)), .flush, .hold([.write(.capacity(3))])])]),
    LossScenario(
      "holds-each-over-a-lap", .reader, "four times: the reader holds a sub-buffer while the capacity is written",
      reaching: [.subbufferHeld, .eventsLost],
      [.reader([.write(.subbuffers(2)), .times(.exactly(4), [.hold([.write(.capacity(1))])])])]),
    LossScenario(
      "absent-within-capacity", .reader, "half the capacity is written before the reader attaches",
      reaching: [.readerOpened, .eventsDelivered],
      [.nobody([.write(.capacity(0.5))]), .reader([.write(.subbuffers(2))])]),
    LossScenario(
      "absent-then-attaches", .reader,
      "three times the capacity is written before the reader attaches, and two sub-buffers afterwards",
      reaching: [.readerOpened, .eventsLost],
      [.nobody([.write(.capacity(3))]), .reader([.readAll, .write(.subbuffers(2))])]),
    LossScenario(
      "absent-then-lossy-without-room", .reader,
      "three times the capacity is written before the reader attaches and once more before its first acquire, of "
        + "events that leave no room for a loss count", payload: .leaving(0),
      reaching: [.readerOpened, .eventsLost],
      [.nobody([.write(.capacity(3))]), .reader([.write(.capacity(1)), .readAll, .write(.subbuffers(2))])]),
    LossScenario(
      "reopens-within-capacity", .reader,
      "the reader closes and reopens with its saved state after half the capacity was written",
      reaching: [.readerOpened, .eventsDelivered],
      [
        .reader([.write(.subbuffers(2)), .readAll]), .nobody([.write(.capacity(0.5))]), .reader([.readAll]),
      ]),
    LossScenario(
      "reopens-after-loss", .reader,
      "the reader closes and reopens with its saved state after three times the capacity was written",
      reaching: [.readerOpened, .eventsLost],
      [
        .reader([.write(.subbuffers(2)), .readAll]), .nobody([.write(.capacity(3))]),
        .reader([.readAll, .write(.subbuffers(2))]),
      ]),
    LossScenario(
      "killed-holding", .reader,
      "a reader process is killed while it holds a sub-buffer; a new reader without its state attaches",
      reaching: [.readerKilled, .readerOpened],
      [.nobody([.write(.subbuffers(3))]), .killedHolding, .reader([.readAll, .write(.subbuffers(2))])]),
    LossScenario(
      "killed-holding-then-lapped", .reader,
      "a reader process is killed while it holds a sub-buffer; three times the capacity is written; a new reader "
        + "attaches",
      reaching: [.readerKilled, .readerOpened, .eventsLost],
      [
        .nobody([.write(.subbuffers(3))]), .killedHolding, .nobody([.write(.capacity(3))]),
        .reader([.readAll, .write(.subbuffers(2))]),
      ]),
  ]

  /// Sub-buffers written per sub-buffer read: the rows of the figure.
  static let offeredLoads = [0.5, 1, 1.5, 2, 3, 5, 10].map { load in
    let text = load == load.rounded() ? String(Int(load)) : String(load)
    return LossScenario(
      "offered-\(text)", .offeredLoad, "the reader reads one sub-buffer after every \(text) written",
      offeredLoad: load,
      reaching: load > 1 ? [.eventsLost] : [.eventsDelivered],
      [.reader([.times(.exactly(24), [.write(.subbuffers(load)), .readOne])])])
  }
}
