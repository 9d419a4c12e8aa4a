import Results
import SubbufferSource

/// The places in which each ABI reports losses: for each the scenarios with a loss in which a channel there reports it.
struct LossSpectrum {
  let subjects: [LossSubject]

  /// The places in which a channel was read, in the order of their declaration.
  var places: [LossChannel.Place] {
    let found = Set(subjects.flatMap(\.rows).flatMap { Self.channels(of: $0).compactMap(\.place) })
    return LossChannel.Place.allCases.filter(found.contains)
  }

  /// "8": reported exactly; "4 (6)": another 6 are marked without their number; absent where no channel ever reports anything.
  func cell(_ subject: LossSubject, _ place: LossChannel.Place) -> Inline {
    let hasChannel = subject.rows.contains { row in
      Self.channels(of: row).contains { channel in
        channel.place == place && channel.readings.contains { $0.loss != .notTold }
      }
    }
    guard hasChannel else { return .absent }
    let relations = subject.lossy.map { row in Self.relations(of: row, at: place) }
    let exact = relations.count { $0.contains(.exact) }
    let marked = relations.count { !$0.contains(.exact) && !$0.isDisjoint(with: Self.marks) }
    return marked > 0 ? "\(exact) (\(marked))" : "\(exact)"
  }

  /// The relations in which a loss shows, and its number does not.
  private static let marks: Set<ChannelVerdict.Relation> = [
    .upperBound, .underReported, .overReported, .flagOnly, .packetsOnly,
  ]

  private static func channels(of row: LossSubject.Row) -> [ChannelHistory] { row.result.history?.channels ?? [] }

  private static func relations(
    of row: LossSubject.Row, at place: LossChannel.Place
  ) -> Set<ChannelVerdict.Relation> {
    let names = Set(channels(of: row).filter { $0.place == place }.map(\.channel))
    return Set(row.judgement.channels.filter { names.contains($0.channel) }.map(\.relation))
  }
}

extension LossChannel.Place {
  /// The head of a column.
  var columnHead: String {
    switch self {
    case .handover: "next hand-over"
    case .record: "record"
    case .gap: "gap"
    case .mapping: "in the mapping"
    case .call: "call or file"
    case .writer: "writer"
    }
  }
}
