import BPFRingBackend
import HeadTailBackend
import LTTngBackend
import LTTngModulesBackend
import LTTngUSTBackend
import PerfEventBackend
import ProbedRings
import Results
import Study
import TracefsBackend

/// The built-in back ends: the only place that names them all.
public enum BackendList {
  /// The live ones first, with their answers and the words about them.
  public static let set = BackendSet(
    answers: KernelAnswers.all + LTTngAnswers.all + LTTngUSTAnswers.all + PerfEventAnswers.all + BPFRingAnswers.all
      + HeadTailQuestions.answers,
    absences: KernelAnswers.absences + LTTngAnswers.absences + LTTngModulesAnswers.absences,
    wording: Wording.merged([
      comparison, KernelWording.all, LTTngModulesWording.all, LTTngUSTWording.all, LTTngWording.all,
      PerfEventWording.all, BPFRingWording.all,
    ]),
    sharedWriters: [
      ProbedRings([
        TracefsStudy(producerCPU: 0), PerfEventStudy(producerCPU: 0), BPFRingStudy(producerCPU: 0),
      ])
    ]
  ) { producerCPU in
    [
      TracefsStudy(producerCPU: producerCPU), LTTngModulesStudy(producerCPU: producerCPU),
      LTTngUSTStudy(producerCPU: producerCPU), PerfEventStudy(producerCPU: producerCPU),
      BPFRingStudy(producerCPU: producerCPU),
      KernelModelStudy.asMerged(producerCPU: producerCPU), KernelModelStudy.asPostedInV11(producerCPU: producerCPU),
      LTTngModelStudy(producerCPU: producerCPU),
    ]
  }

  /// The questions with the answers of the built-in back ends.
  package static let claims = set.claims
  /// The words of the report about them.
  package static let wording = set.wording

  private static let comparison = Wording(
    decisions: decisions, uses: uses, rationales: rationales, sharedDesigns: sharedDesigns, mails: mails)
}
