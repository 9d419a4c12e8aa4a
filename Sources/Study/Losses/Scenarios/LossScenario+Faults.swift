extension LossScenario {
  /// Faults of the producer.
  static let producers = [
    LossScenario(
      "producer-killed-between-writes", .producer, "the producer is killed by SIGKILL between two writes",
      [.reader([.write(.subbuffers(2.5)), .killProducer])]),
    LossScenario(
      "producer-killed-while-lossy", .producer,
      "the producer is killed by SIGKILL after it has written three times the capacity",
      [.reader([.write(.capacity(3)), .killProducer])]),
    LossScenario(
      "producer-killed-writing", .producer,
      "the producer writes as fast as it can and is killed by SIGKILL after at least 1.5 times the capacity",
      [.reader([.killProducerWriting(.capacity(1.5))])]),
    LossScenario(
      "producer-killed-inside-write", .producer, "the producer is killed by SIGKILL while it writes an event",
      [.reader([.write(.subbuffers(2.5)), .beginHeldWrite, .killProducer])]),
    LossScenario(
      "producer-killed-inside-write-while-lossy", .producer,
      "the producer writes three times the capacity and is killed by SIGKILL while it writes the next event",
      [.reader([.write(.capacity(3)), .readOne, .beginHeldWrite, .killProducer])]),
    LossScenario(
      "producer-held-inside-write", .producer,
      "three times the capacity is written; the writer pauses within an event while the reader flushes and reads",
      [
        .reader([
          .write(.capacity(3)), .readAll, .beginHeldWrite, .flush, .readAll, .endHeldWrite, .write(.subbuffers(2)),
        ])
      ]),
    LossScenario(
      "producer-stopped-inside-write", .producer,
      "the producer is stopped by SIGSTOP while it writes an event; the reader flushes and reads; SIGCONT resumes "
        + "the producer",
      [
        .reader([
          .write(.subbuffers(2.5)), .beginHeldWrite, .stopProducer, .flush, .readAll, .resumeProducer, .endHeldWrite,
          .write(.subbuffers(2)),
        ])
      ]),
    LossScenario(
      "producer-stopped-inside-write-while-lossy", .producer,
      "as producer-stopped-inside-write, after three times the capacity, so that the count of lost events is not 0",
      [
        .reader([
          .write(.capacity(3)), .readAll, .beginHeldWrite, .stopProducer, .flush, .readAll, .resumeProducer,
          .endHeldWrite, .write(.subbuffers(2)),
        ])
      ]),
    LossScenario(
      "nested-within-write", .producer,
      "a signal handler that interrupts the write of an event writes twice the capacity",
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
      [.reader([.write(.capacity(0.5)), .control(.clear), .write(.capacity(0.25))])]),
    LossScenario(
      "cleared-after-loss", .control,
      "three times the capacity is written, one sub-buffer is read, and the rest is cleared; then twice the capacity "
        + "is written",
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
      [
        .reader([
          .times(.exactly(2), [.write(.capacity(1.5)), .readOne, .readOne, .control(.clear)]), .write(.subbuffers(2)),
        ])
      ]),
    LossScenario(
      "toggled-to-discard", .control,
      "three times the capacity is written, the mode is switched to discard, and twice the capacity is written",
      modes: [.overwrite],
      [.reader([.write(.capacity(3)), .control(.discard), .write(.capacity(2)), .readAll, .write(.subbuffers(1))])]),
    LossScenario(
      "toggled-to-overwrite", .control,
      "three times the capacity is written, the mode is switched to overwrite, and twice the capacity is written",
      modes: [.discard],
      [.reader([.write(.capacity(3)), .control(.overwrite), .write(.capacity(2)), .readAll, .write(.subbuffers(1))])]),
    LossScenario(
      "toggled-back-and-forth", .control,
      "four times: the capacity is written, the mode is switched, and one sub-buffer is read",
      modes: [.overwrite],
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
      [
        .reader([
          .write(.capacity(0.5)), .readOne, .control(.moreSubbuffers), .control(.largerSubbuffers),
          .write(.capacity(2)), .readAll, .control(.moreSubbuffers), .write(.subbuffers(1)),
        ])
      ]),
  ]
}
