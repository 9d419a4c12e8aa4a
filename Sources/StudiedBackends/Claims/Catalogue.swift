import Study

/// The questions of the study with the answers of all ABIs.
public enum Catalogue {
  /// All questions, in the order of the report: those that every ABI is asked, then those of one ABI.
  public static let claims = Claim.merged(
    Claim.shared + KernelAnswers.all + LTTngAnswers.all, absences: KernelAnswers.absences + LTTngAnswers.absences)
}
