/// Claims of the catalogue that came after the committed studies. When a study is repeated, its claims leave the list.
enum NewClaims {
  static let ids: Set = [
    "raw-marker-size", "event-length", "marker-of-unreadable-memory", "marker-of-absent-page",
    "last-words-of-the-meta-page", "header-page-overwrite", "acquire-request",
  ]
}
