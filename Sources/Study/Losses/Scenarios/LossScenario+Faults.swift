extension LossScenario {
  /// What befalls the producer.
  static let producers = [
    LossScenario(
      "producer-killed-between-writes", .producer, "the producer is killed by SIGKILL between two writes",
      [.reader([.write(.subbuffers(2.5)), .killProducer])]),
    LossScenario(
      "producer-killed-while-lossy", .producer, "the producer is killed by SIGKILL after three laps",
      [.reader([.write(.capacity(3)), .killProducer])]),
    LossScenario(
      "producer-killed-writing", .producer,
      "the producer is killed by SIGKILL while it writes as fast as it can, behind a lap and a half",
      [.reader([.killProducerWriting(.capacity(1.5))])]),
    LossScenario(
      "producer-killed-inside-write", .producer, "the producer is killed by SIGKILL inside the write of an event",
      [.reader([.write(.subbuffers(2.5)), .beginHeldWrite, .killProducer])]),
    LossScenario(
      "producer-killed-inside-write-while-lossy", .producer,
      "the producer is killed by SIGKILL inside the write of an event, after three laps",
      [.reader([.write(.capacity(3)), .readOne, .beginHeldWrite, .killProducer])]),
    LossScenario(
      "producer-held-inside-write", .producer,
      "after three laps the producer is kept inside the write of an event; the reader flushes and reads; it goes on",
      [
        .reader([
          .write(.capacity(3)), .readAll, .beginHeldWrite, .flush, .readAll, .endHeldWrite, .write(.subbuffers(2)),
        ])
      ]),
    LossScenario(
      "producer-stopped-inside-write", .producer,
      "the producer is stopped by SIGSTOP inside the write of an event; the reader flushes and reads; it is resumed",
      [
        .reader([
          .write(.subbuffers(2.5)), .beginHeldWrite, .stopProducer, .flush, .readAll, .resumeProducer, .endHeldWrite,
          .write(.subbuffers(2)),
        ])
      ]),
    LossScenario(
      "producer-stopped-inside-write-while-lossy", .producer,
      "as before, after three laps: the count of lost events is not 0",
      [
        .reader([
          .write(.capacity(3)), .readAll, .beginHeldWrite, .stopProducer, .flush, .readAll, .resumeProducer,
          .endHeldWrite, .write(.subbuffers(2)),
        ])
      ]),
    LossScenario(
      "nested-within-write", .producer, "a signal handler writes two laps inside the write of an event",
      [
        .reader([
          .write(.subbuffers(0.5)), .beginHeldWrite, .write(.capacity(2)), .endHeldWrite, .write(.subbuffers(2)),
        ])
      ]
    ),
  ]

  /// What is done to the ring buffer while it is read.
  static let controls = [
    LossScenario(
      "cleared-unread", .control, "half of what fits is written and cleared; then a quarter is written and read",
      [.reader([.write(.capacity(0.5)), .control(.clear), .write(.capacity(0.25))])]),
    LossScenario(
      "cleared-after-loss", .control,
      "three laps are written, one sub-buffer is read, and all is cleared; then two laps are written",
      [
        .reader([
          .write(.capacity(3)), .readOne, .control(.clear), .write(.capacity(2)), .readAll, .write(.subbuffers(1)),
        ])
      ]
    ),
    LossScenario(
      "cleared-twice", .control,
      "twice: a lap and a half is written, two sub-buffers are read, and it is cleared; then two are written",
      [
        .reader([
          .times(.exactly(2), [.write(.capacity(1.5)), .readOne, .readOne, .control(.clear)]), .write(.subbuffers(2)),
        ])
      ]),
    LossScenario(
      "toggled-to-discard", .control, "three laps are overwritten, then the mode is switched and two more are written",
      modes: [.overwrite],
      [.reader([.write(.capacity(3)), .control(.discard), .write(.capacity(2)), .readAll, .write(.subbuffers(1))])]),
    LossScenario(
      "toggled-to-overwrite", .control, "three laps are written, then the mode is switched and two more are written",
      modes: [.discard],
      [.reader([.write(.capacity(3)), .control(.overwrite), .write(.capacity(2)), .readAll, .write(.subbuffers(1))])]),
    LossScenario(
      "toggled-back-and-forth", .control,
      "four times: a lap is written and the mode is switched; one sub-buffer is read",
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
      "half a lap, two laps and a sub-buffer are written, with attempts to change number and size of the sub-buffers",
      [
        .reader([
          .write(.capacity(0.5)), .readOne, .control(.moreSubbuffers), .control(.largerSubbuffers),
          .write(.capacity(2)), .readAll, .control(.moreSubbuffers), .write(.subbuffers(1)),
        ])
      ]),
  ]
}
