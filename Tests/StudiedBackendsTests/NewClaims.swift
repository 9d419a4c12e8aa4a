/// Claims of the catalogue that came after the committed studies. When a study is repeated, its claims leave the list.
enum NewClaims {
  static let ids: Set = [
    "raw-marker-size", "event-length", "marker-of-unreadable-memory", "marker-of-absent-page",
    "last-words-of-the-meta-page", "header-page-overwrite", "acquire-request",
    "unmap-in-part", "mapping-after-dofork", "persistent-buffer-mapped", "read-across-size-change",
    "option-of-removed-instance", "first-mapping-restrictions", "loss-before-an-uncommitted-event",
    "release-on-partial", "count-of-a-late-packet", "count-of-a-complete-packet", "snapshot-while-written",
    "final-flush-of-new-ring-buffer",
    "ids-of-empty-packets", "ids-of-populated-packet", "number-of-populated-packet", "count-of-populated-packet",
    "populate-of-new-ring-buffer",
    "stops-that-block-the-reader", "killed-at-each-stop", "others-at-each-stop", "drops-at-each-stop",
    "resumed-at-each-stop", "read-past-a-stopped-writer",
    "fixed-up-at-each-stop",
  ]

  /// Claims that the committed studies contain, but not for every ABI that has a probe now.
  static let newProbes: Set = ["overwrite-beside-uncommitted"]
}
