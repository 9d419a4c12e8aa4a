extension StudyRecords {
  /// The version of the layout of `results.json`. A reader refuses another one.
  ///
  /// The layout is that of the types in this folder, and each field is in Docs/results.md. A field that is renamed, removed
  /// or changes its meaning is a new version.
  public static let currentSchemaVersion = 10
}
