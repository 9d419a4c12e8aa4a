import Results

/// Back ends with their answers and words: what a program brings to the study.
///
/// ``merged(_:)`` puts several together, for a program that adds its own to the built-in ones.
public struct BackendSet: Sendable {
  private let answers: @Sendable () -> [Claim]
  private let absences: @Sendable () -> [Absence]
  private let ownWording: @Sendable () -> Wording
  private let make: @Sendable (_ producerCPU: Int) -> [any StudiedBackend]
  private let makeWriters: @Sendable () -> [any SharedWriter]

  /// Describes back ends.
  /// - Parameters:
  ///   - answers: the answers of their ABIs, and the questions that these alone are asked.
  ///   - absences: why questions do not apply to them.
  ///   - wording: notes, rules and other authored text about them.
  ///   - sharedWriters: writers that feed ring buffers of several of them at once.
  ///   - make: the back ends, with their producers on a CPU.
  public init(
    answers: @autoclosure @escaping @Sendable () -> [Claim],
    absences: @autoclosure @escaping @Sendable () -> [Absence] = [],
    wording: @autoclosure @escaping @Sendable () -> Wording = Wording(),
    sharedWriters: @autoclosure @escaping @Sendable () -> [any SharedWriter] = [],
    _ make: @escaping @Sendable (_ producerCPU: Int) -> [any StudiedBackend]
  ) {
    (self.answers, self.absences, ownWording, self.make) = (answers, absences, wording, make)
    makeWriters = sharedWriters
  }

  /// All questions with the answers of all ABIs, in the order of the report. Made at each call: the process of a probe
  /// needs none of them.
  public var claims: [Claim] { Claim.merged(Claim.shared + answers(), absences: absences()) }

  /// The words of the report. Made at each call.
  public var wording: Wording { Wording.merged([Wording(claims: claims), ownWording()]) }

  /// The back ends, with their producers on a CPU.
  public func all(producerCPU: Int) -> [any StudiedBackend] { make(producerCPU) }

  /// The writers that feed ring buffers of several back ends at once. Made at each call.
  public var sharedWriters: [any SharedWriter] { makeWriters() }

  /// Several sets together, in order.
  public static func merged(_ sets: [BackendSet]) -> BackendSet {
    BackendSet(
      answers: sets.flatMap { $0.answers() }, absences: sets.flatMap { $0.absences() },
      wording: Wording.merged(sets.map { $0.ownWording() }), sharedWriters: sets.flatMap(\.sharedWriters)
    ) { producerCPU in sets.flatMap { $0.all(producerCPU: producerCPU) } }
  }
}
