import Results
import Study

/// The words of the report about the BPF ring buffer.
package enum BPFRingWording {
  /// All of them.
  package static let all = Wording(notes: notes, rules: rules, recipes: recipes)

  private static let code = "kernel/bpf/ringbuf.c, Linux 6.18"

  /// The explanations of answers.
  private static let notes: [Note] = [
    Note(
      "discard-told-exactly", .bpfRing, answer: "no indication", .s2,
      "The ring buffer has no word of a loss",
      cause: CitedText(
        "__bpf_ringbuf_reserve returns NULL where there is no room and changes nothing: neither a count nor a flag nor a "
          + "record is for it", source: code),
      consequence:
        "A reader cannot know that events are missing; two readers of one map, or one of a program that it did not write, "
        + "have no way to learn it.",
      workaround:
        "Count the failures of bpf_ringbuf_reserve and bpf_ringbuf_output in the program, in a map of its own: the sum was "
        + "exact in every scenario."),
    Note(
      "lost-between-two-readers", .bpfRing, answer: "no indication", .s2,
      "Nothing shows what was lost between two readers",
      cause: CitedText("a record that finds no room leaves no trace", source: code),
      consequence:
        "A consumer that comes again goes on at consumer_pos and takes the next event for the one after its last.",
      workaround: "Number the events in the program, or compare its own count of failures."),
    Note(
      "poll-of-unfinished", .bpfRing, answer: "ready, nothing to read", .s4,
      "poll is ready while the only record is unfinished",
      cause: CitedText(
        "ringbuf_map_poll_kern compares producer_pos, which the reservation moves, with consumer_pos", source: code),
      consequence:
        "A reader that polls, finds the busy bit and polls again does not sleep until the writer submits: it uses a CPU.",
      workaround:
        "Use epoll, edge-triggered, which reports the wake-up of the submission; read until nothing is left before each wait."
    ),
    Note(
      "tail-beyond-head", .bpfRing, answer: "nothing is written", .s4,
      "A wrong consumer_pos stops every writer",
      cause: CitedText(
        "`new_prod_pos - cons_pos > rb->mask` is computed without a sign: a consumer_pos beyond producer_pos looks like a "
          + "ring buffer that is more than full", source: code),
      consequence:
        "A reader that stores one wrong position loses all events from then on, of all programs that write into the map; only "
        + "they learn of it.",
      workaround: "Store only positions up to which records were read; a right store afterwards makes room again."),
    Note(
      "mapping-not-inherited", .bpfRing, answer: "yes", .s4,
      "A child process inherits the mapping",
      cause: CitedText(
        "bpf_map_mmap sets VM_DONTEXPAND and VM_DONTDUMP, and not VM_DONTCOPY as the tracing ring buffer does",
        source: "kernel/bpf/syscall.c, Linux 6.18; kernel/trace/ring_buffer.c"),
      consequence:
        "A child of a reader can read all events, and can store consumer_pos in the page that was mapped for writing.",
      workaround: "madvise(MADV_DONTFORK) on both mappings."),
    Note(
      "mapping-flags", .bpfRing, answer: "de dd", .s4,
      "The mapping has no VM_DONTCOPY",
      cause: CitedText("bpf_map_mmap sets VM_DONTEXPAND and VM_DONTDUMP", source: "kernel/bpf/syscall.c, Linux 6.18"),
      consequence: "A child of the reader inherits it.", workaround: "madvise(MADV_DONTFORK) on both mappings."),
  ]

  /// The way in which losses are counted, in the program.
  private static let recipes: [Recipe] = [
    Recipe(
      .bpfRing, mode: .discard,
      [
        "/* in the program: the ring buffer itself has no word of a loss */",
        "if (bpf_ringbuf_output(&ring, &event, size, 0) < 0)  /* or !bpf_ringbuf_reserve(...) */",
        "    __sync_fetch_and_add(lost, 1);  /* in an array map, which the reader maps, too */",
        "/* total: *lost, after the last acquire */",
      ])
  ]

  /// At most eight rules, the most important first.
  private static let rules: [Rule] = [
    .do(
      .bpfRing,
      "count the failures of bpf_ringbuf_reserve and bpf_ringbuf_output in the program: the ring buffer does not",
      because: "discard-told-exactly", is: "no indication"),
    .do(
      .bpfRing, "stop at the busy bit, and wait with epoll, edge-triggered, rather than poll again",
      because: "poll-of-unfinished", is: "ready, nothing to read"),
    .do(
      .bpfRing, "read until nothing is left before each wait: only the record that is to be read next wakes up",
      because: "wakeup-only-if-caught-up", is: "the next one to read"),
    .do(
      .bpfRing, "pass BPF_RB_NO_WAKEUP for a reader that polls: else each record that it keeps up with sends a wake-up",
      because: "wakeup-only-if-caught-up", is: "the next one to read"),
    .do(
      .bpfRing, "pass over discarded records, and store consumer_pos after them", because: "discarded-record",
      is: "yes, as much as others"),
    .dont(
      .bpfRing, "store a consumer_pos beyond producer_pos: no program can write then", because: "tail-beyond-head",
      is: "nothing is written"),
    .dont(
      .bpfRing, "let two readers share a map: there is one consumer_pos", because: "several-readers",
      is: "both get them, one tail"),
  ]
}
