import Study

extension Catalogue {
  /// The words of the report.
  public static let wording = Wording(claims: claims, decisions: decisions)
}
