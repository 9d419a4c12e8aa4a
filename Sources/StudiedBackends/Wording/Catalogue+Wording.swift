import Study

extension Catalogue {
  /// The words of the report.
  public static let wording = Wording(
    claims: claims, decisions: decisions, uses: uses, notes: tracefsNotes + lttngModulesNotes + lttngUSTNotes,
    logNotes: logNotes, hazards: hazards,
    rationales: rationales, sharedDesigns: sharedDesigns, rules: rules, changes: designChanges,
    versionChanges: versionChanges, kernelModules: [.lttngModules], releases: releases,
    recipes: recipes, mails: mails)
}
