import LTTngBackend
import LTTngModulesBackend
import LTTngUSTBackend
import Study
import TracefsBackend

/// The back ends of this program: the only place that names them all.
package enum BackendList {
  /// All of them, live ones first, with their producers on one CPU.
  package static func all(producerCPU: Int) -> [any StudiedBackend] {
    [
      TracefsStudy(producerCPU: producerCPU), LTTngModulesStudy(producerCPU: producerCPU),
      LTTngUSTStudy(producerCPU: producerCPU),
      KernelModelStudy.asMerged(producerCPU: producerCPU), KernelModelStudy.asPostedInV11(producerCPU: producerCPU),
      LTTngModelStudy(producerCPU: producerCPU),
    ]
  }

  /// All questions with the answers of all ABIs, in the order of the report.
  package static let claims = Claim.merged(
    Claim.shared + KernelAnswers.all + LTTngAnswers.all + LTTngUSTAnswers.all,
    absences: KernelAnswers.absences + LTTngAnswers.absences + LTTngModulesAnswers.absences)

  /// The words of the report: those of each ABI, and those that compare them.
  package static let wording = Wording.merged(
    [
      comparison, KernelWording.all, LTTngModulesWording.all, LTTngUSTWording.all, LTTngWording.all,
    ])

  private static let comparison = Wording(
    claims: claims, decisions: decisions, uses: uses, rationales: rationales, sharedDesigns: sharedDesigns, mails: mails
  )
}
