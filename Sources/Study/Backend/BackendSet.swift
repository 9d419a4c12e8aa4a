/// Back ends with their answers and words: what a program brings to the study.
///
/// ``merged(_:)`` puts several together, for a program that adds its own to the built-in ones.
public struct BackendSet: Sendable {
  /// All questions with the answers of all ABIs, in the order of the report.
  public let claims: [Claim]
  /// The words of the report.
  public let wording: Wording

  private let answers: [Claim]
  private let absences: [Absence]
  private let ownWording: Wording
  private let make: @Sendable (_ producerCPU: Int) -> [any StudiedBackend]

  /// Describes back ends.
  /// - Parameters:
  ///   - answers: the answers of their ABIs, and the questions that these alone are asked.
  ///   - absences: why questions do not apply to them.
  ///   - wording: notes, rules and other authored text about them.
  ///   - make: the back ends, with their producers on a CPU.
  public init(
    answers: [Claim], absences: [Absence] = [], wording: Wording = Wording(),
    _ make: @escaping @Sendable (_ producerCPU: Int) -> [any StudiedBackend]
  ) {
    (self.answers, self.absences, self.make) = (answers, absences, make)
    ownWording = wording
    claims = Claim.merged(Claim.shared + answers, absences: absences)
    self.wording = Wording.merged([Wording(claims: claims), wording])
  }

  /// The back ends, with their producers on a CPU.
  public func all(producerCPU: Int) -> [any StudiedBackend] { make(producerCPU) }

  /// Several sets together, in order.
  public static func merged(_ sets: [BackendSet]) -> BackendSet {
    BackendSet(
      answers: sets.flatMap(\.answers), absences: sets.flatMap(\.absences),
      wording: Wording.merged(sets.map(\.ownWording))
    ) { producerCPU in sets.flatMap { $0.all(producerCPU: producerCPU) } }
  }
}
