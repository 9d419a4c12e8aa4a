extension LossScenario {
  /// Faults of the producer.
  static let producers = [
    LossScenario(
      "producer-killed-between-writes", .producer, "the producer is killed by SIGKILL between two writes",
      reaching: [.eventsDelivered], [.reader([.write(.subbuffers(2.5)), .killProducer])]),
    LossScenario(
      "producer-killed-while-lossy", .producer,
      "the producer is killed by SIGKILL after it has written three times the capacity",
      reaching: [.eventsLost], [.reader([.write(.capacity(3)), .killProducer])]),
    LossScenario(
      "producer-killed-writing", .producer,
      "the producer writes as fast as it can and is killed by SIGKILL after at least 1.5 times the capacity",
      reaching: [.eventsLost], [.reader([.killProducerWriting(.capacity(1.5))])]),
    LossScenario(
      "producer-killed-inside-write", .producer, "the producer is killed by SIGKILL while it writes an event",
      reaching: [.writerInsideWrite], [.reader([.write(.subbuffers(2.5)), .beginHeldWrite, .killProducer])]),
    LossScenario(
      "producer-killed-inside-write-while-lossy", .producer,
      "the producer writes three times the capacity and is killed by SIGKILL while it writes the next event",
      reaching: [.writerInsideWrite, .eventsLost],
      [.reader([.write(.capacity(3)), .readOne, .beginHeldWrite, .killProducer])]),
    LossScenario(
      "producer-held-inside-write", .producer,
      "three times the capacity is written; the writer pauses within an event while the reader flushes and reads",
      reaching: [.writerInsideWrite, .eventsLost],
      [
        .reader([
          .write(.capacity(3)), .readAll, .beginHeldWrite, .flush, .readAll, .endHeldWrite, .write(.subbuffers(2)),
        ])
      ]),
    LossScenario(
      "producer-stopped-inside-write", .producer,
      "the producer is stopped by SIGSTOP while it writes an event; the reader flushes and reads; SIGCONT resumes "
        + "the producer",
      reaching: [.writerInsideWrite],
      [
        .reader([
          .write(.subbuffers(2.5)), .beginHeldWrite, .stopProducer, .flush, .readAll, .resumeProducer, .endHeldWrite,
          .write(.subbuffers(2)),
        ])
      ]),
    LossScenario(
      "producer-stopped-inside-write-while-lossy", .producer,
      "as producer-stopped-inside-write, after three times the capacity, so that the count of lost events is not 0",
      reaching: [.writerInsideWrite, .eventsLost],
      [
        .reader([
          .write(.capacity(3)), .readAll, .beginHeldWrite, .stopProducer, .flush, .readAll, .resumeProducer,
          .endHeldWrite, .write(.subbuffers(2)),
        ])
      ]),
    LossScenario(
      "nested-within-write", .producer,
      "a signal handler that interrupts the write of an event writes twice the capacity",
      reaching: [.writerInsideWrite, .eventsLost],
      [
        .reader([
          .write(.subbuffers(0.5)), .beginHeldWrite, .write(.capacity(2)), .endHeldWrite, .write(.subbuffers(2)),
        ])
      ]
    ),
  ]

  /// Controls used on the ring buffer while it is read.
  static let controls = [
    LossScenario(
      "cleared-unread", .control, "half the capacity is written and cleared; then a quarter is written and read",
      reaching: [.cleared], [.reader([.write(.capacity(0.5)), .control(.clear), .write(.capacity(0.25))])]),
    LossScenario(
      "cleared-after-loss", .control,
      "three times the capacity is written, one sub-buffer is read, and the rest is cleared; then twice the capacity "
        + "is written",
      reaching: [.cleared, .eventsLost],
      [
        .reader([
          .write(.capacity(3)), .readOne, .control(.clear), .write(.capacity(2)), .readAll, .write(.subbuffers(1)),
        ])
      ]
    ),
    LossScenario(
      "cleared-twice", .control,
      "twice: 1.5 times the capacity is written, two sub-buffers are read, and the rest is cleared; then two "
        + "sub-buffers are written",
      reaching: [.cleared, .eventsLost],
      [
        .reader([
          .times(.exactly(2), [.write(.capacity(1.5)), .readOne, .readOne, .control(.clear)]), .write(.subbuffers(2)),
        ])
      ]),
    LossScenario(
      "toggled-to-discard", .control,
      "three times the capacity is written, the mode is switched to discard, and twice the capacity is written",
      modes: [.overwrite],
      reaching: [.modeSwitched, .eventsLost],
      [.reader([.write(.capacity(3)), .control(.discard), .write(.capacity(2)), .readAll, .write(.subbuffers(1))])]),
    LossScenario(
      "toggled-to-overwrite", .control,
      "three times the capacity is written, the mode is switched to overwrite, and twice the capacity is written",
      modes: [.discard],
      reaching: [.modeSwitched, .eventsLost],
      [.reader([.write(.capacity(3)), .control(.overwrite), .write(.capacity(2)), .readAll, .write(.subbuffers(1))])]),
    LossScenario(
      "toggled-back-and-forth", .control,
      "four times: the capacity is written, the mode is switched, and one sub-buffer is read",
      modes: [.overwrite],
      reaching: [.modeSwitched],
      [
        .reader([
          .times(
            .exactly(2),
            [
              .write(.capacity(1)), .control(.discard), .readOne, .write(.capacity(1)), .control(.overwrite), .readOne,
            ])
        ])
      ]),
    LossScenario(
      "resize-while-reading", .control,
      "the number and the size of the sub-buffers are changed between loads of half and twice the capacity and of a "
        + "sub-buffer",
      reaching: [.resizeTried],
      [
        .reader([
          .write(.capacity(0.5)), .readOne, .control(.moreSubbuffers), .control(.largerSubbuffers),
          .write(.capacity(2)), .readAll, .control(.moreSubbuffers), .write(.subbuffers(1)),
        ])
      ]),
  ]
}
