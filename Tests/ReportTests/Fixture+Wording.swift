import Results

extension Fixture {
  /// Wording for the answers of the fixture, and one item of each kind for another answer.
  static let wording = Wording(
    decisions: [
      DesignQuestion(
        "Is the number lost before reported?", "lost-events-in-meta-page",
        sentence: "reader.lost_events is the number lost before"),
      DesignQuestion("Intact while held", "held-sub-buffer-intact"), DesignQuestion("Crash", "crashes"),
      DesignQuestion("A question that nobody put to the test", "no-such-claim"),
    ],
    notes: [
      Note(
        "lost-events-in-meta-page", ABI("kernel"), answer: "no | 0", .s1, "reader.lost_events is always 0",
        cause: CitedText("The field is written after it was cleared", source: "ring_buffer.c, v6.12"),
        consequence: "A reader of the field counts no loss.", workaround: "Read bit 31 of `commit`.",
        status: CitedText("not found reported", source: "lore, 2025-01-02"), reproducer: "lost.c",
        patch: "-old | text\n+new ``` text"),
      Note(
        "lost-events-in-meta-page", ABI("kernel"), answer: "yes", .s1, "This note is for another answer",
        consequence: "Must not be shown."),
    ],
    rationales: [
      Rationale(
        "lost-events-in-meta-page", [ABI("kernel"): "yes"], "“a reason for another answer”", source: "a mail")
    ],
    rules: [
      .do(ABI("kernel"), "read the mark", because: "lost-events-in-meta-page", is: "no | 0"),
      .dont(ABI("kernel"), "advice for another answer", because: "lost-events-in-meta-page", is: "yes"),
    ],
    changes: [
      DesignChange("The words were moved", source: "a commit"),
      DesignChange(claim: "lost-events-in-meta-page", "Both answers are equal, so this is not shown", source: "x"),
    ],
    releases: [
      Release("Linux 6.1", "2022-12-11", source: "x"), Release("Linux 6.12", "2024-11-17", source: "kernel.org"),
    ],
    recipes: [Recipe(ABI("kernel"), mode: .overwrite, ["lost = overrun - seen;"])],
    mails: [Mail("Re: [PATCH v11 2/5] a subject", "2024-01-11", id: "1234@example.org")])
}
