import Study

/// The verdicts on a model next to those on the live back end that it is a model of.
struct ModelComparison {
  /// A claim that both back ends have a record of, by the indices of the records.
  struct Pair {
    var model: Int
    var live: Int
  }

  /// Claims without a decision on both, by what became of them.
  struct Undecided: Equatable {
    /// The outcome on the live back end; `nil` if it has no record.
    var live: ProbeResult.Outcome?
    /// The outcome on the model; `nil` if it has no record.
    var model: ProbeResult.Outcome?
    var count: Int
  }

  /// The model.
  let model: String
  /// The live back end; `nil` where the model names none.
  let live: String?
  /// Decided on both against the same expectation, and alike.
  private(set) var agreements = 0
  /// Decided on both, and not alike.
  private(set) var disagreements: [Pair] = []
  /// Decided on both and alike, against different expectations.
  private(set) var unlike = 0
  /// Not decided on both.
  private(set) var undecided: [Undecided] = []
  /// Why there is nothing to compare with; `nil` where there is.
  let obstacle: String?

  init(of model: BackendResult, in results: Results) {
    self.model = model.name
    live = model.modelOf
    guard let live else {
      obstacle = "it names no back end that it is a model of"
      return
    }
    let index = { (backend: String) in
      Dictionary(
        results.probes.enumerated().filter { $0.element.backend == backend }.map { ($0.element.id, $0.offset) },
        uniquingKeysWith: { first, _ in first })
    }
    let (onModel, onLive) = (index(model.name), index(live))
    guard results.isLive(live), !onLive.isEmpty else {
      obstacle = "no live back end to compare with"
      return
    }
    obstacle = nil
    var counts: [[ProbeResult.Outcome?]] = []
    for id in results.probes.map(\.id).grouped(by: \.self).map(\.key) {
      let pair = (model: onModel[id], live: onLive[id])
      guard pair.model != nil || pair.live != nil else { continue }
      if let ours = pair.model, let theirs = pair.live, results.probes[ours].isDecided, results.probes[theirs].isDecided
      {
        add(Pair(model: ours, live: theirs), of: results)
      } else {
        counts.append([pair.live, pair.model].map { $0.map { results.probes[$0].outcome } })
      }
    }
    undecided = counts.grouped { $0 }.map { Undecided(live: $0.key[0], model: $0.key[1], count: $0.elements.count) }
  }

  private mutating func add(_ pair: Pair, of results: Results) {
    if results.probes[pair.model].answer != results.probes[pair.live].answer {
      disagreements.append(pair)
    } else if results.probes[pair.model].hasExpectation(of: results.probes[pair.live]) {
      agreements += 1
    } else {
      unlike += 1
    }
  }
}

extension ProbeResult {
  /// `true` if it was held against the same as another one.
  func hasExpectation(of other: ProbeResult) -> Bool { expectation == other.expectation && basis == other.basis }
}
