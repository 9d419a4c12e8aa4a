import SubbufferSource

/// Events in a row that no reader got, and where they are missing.
public struct LossGap: Sendable, Equatable {
  /// The sequence numbers.
  public var numbers: ClosedRange<UInt64>
  /// The hand-over that brought the last event before them; `nil` if there is none.
  public var before: Int?
  /// The hand-over that brought the first event after them; `nil` if there is none.
  public var behind: Int?

  /// A gap.
  public init(numbers: ClosedRange<UInt64>, before: Int? = nil, behind: Int? = nil) {
    self.numbers = numbers
    self.before = before
    self.behind = behind
  }

  /// The number of events.
  public var count: UInt64 { numbers.upperBound - numbers.lowerBound + 1 }
}

/// The sequence numbers of a history, each in its place.
struct DeliveryBooks {
  /// Each number that was delivered.
  private(set) var delivered = SequenceSet()
  /// The number of numbers, each counted once.
  private(set) var count: UInt64 = 0
  /// Numbers that came again, with the hand-over in which they did first.
  private(set) var duplicates: UInt64 = 0
  private(set) var firstDuplicate: (number: UInt64, handover: Int)?
  /// Numbers that came after a higher one.
  private(set) var reordered: UInt64 = 0
  private(set) var firstReordered: (number: UInt64, handover: Int)?
  /// Numbers that the producer did not write.
  private(set) var foreign: UInt64 = 0
  private(set) var firstForeign: (number: UInt64, handover: Int)?
  private var places: [(run: ClosedRange<UInt64>, handover: Int)] = []

  init(_ history: LossHistory) {
    for (index, handover) in history.handovers.enumerated() {
      for run in handover.runs { enter(run, index + 1, history.produced) }
    }
    places.sort { $0.run.lowerBound < $1.run.lowerBound }
  }

  private mutating func enter(_ run: ClosedRange<UInt64>, _ handover: Int, _ produced: UInt64) {
    if run.upperBound >= produced {
      foreign = foreign.adding(run.upperBound - max(run.lowerBound, produced), 1)
      if firstForeign == nil { firstForeign = (max(run.lowerBound, produced), handover) }
      if run.lowerBound >= produced { return }
    }
    let own = run.lowerBound...min(run.upperBound, produced - 1)
    let again = delivered.common(with: own)
    if let first = again.first {
      duplicates = duplicates.adding(again.total, 0)
      if firstDuplicate == nil { firstDuplicate = (first.lowerBound, handover) }
    }
    let fresh = own.upperBound - own.lowerBound + 1 - again.total
    if fresh > 0, let greatest = delivered.greatest, greatest > own.lowerBound {
      // The numbers of the run below those that came before and were not in the set yet.
      let below = own.lowerBound...min(own.upperBound, greatest)
      let late = below.upperBound - below.lowerBound + 1 - delivered.common(with: below).total
      if late > 0 {
        reordered = reordered.adding(late, 0)
        if firstReordered == nil { firstReordered = (below.lowerBound, handover) }
      }
    }
    count += fresh
    delivered.insert(own)
    places.append((own, handover))
  }

  /// The runs of missing numbers below `produced`, without those whose write never returned and those that a clear
  /// removed.
  func gaps(produced: UInt64, unfinished: [UInt64], cleared: [ClosedRange<UInt64>] = []) -> [LossGap] {
    let missing = cleared.reduce(delivered.missing(from: 0..<produced)) { parts, removed in
      parts.flatMap { $0.without(removed) }
    }
    return missing.flatMap { split($0, at: unfinished) }.map { numbers in
      LossGap(
        numbers: numbers, before: place(before: numbers.lowerBound)?.handover,
        behind: place(behind: numbers.upperBound)?.handover)
    }
  }

  /// The hand-over that first brought a number.
  func handover(of number: UInt64) -> Int? { places.filter { $0.run.contains(number) }.map(\.handover).min() }

  private func split(_ gap: ClosedRange<UInt64>, at numbers: [UInt64]) -> [ClosedRange<UInt64>] {
    var parts: [ClosedRange<UInt64>] = []
    var next = gap.lowerBound
    for number in numbers.sorted() where gap.contains(number) && number >= next {
      if number > next { parts.append(next...number - 1) }
      if number == gap.upperBound { return parts }
      next = number + 1
    }
    return parts + [next...gap.upperBound]
  }

  private func place(before number: UInt64) -> (run: ClosedRange<UInt64>, handover: Int)? {
    // The runs that begin below it, of which the last is the nearest.
    let end = partition { $0.run.lowerBound >= number }
    return end == 0 ? nil : places[end - 1]
  }

  private func place(behind number: UInt64) -> (run: ClosedRange<UInt64>, handover: Int)? {
    let begin = partition { $0.run.lowerBound > number }
    return begin == places.count ? nil : places[begin]
  }

  /// The index of the first place for which it holds, where it holds for all after it.
  private func partition(_ holds: ((run: ClosedRange<UInt64>, handover: Int)) -> Bool) -> Int {
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if holds(places[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension UInt64 {
  /// The sum, or the greatest number where it is more.
  fileprivate func adding(_ first: UInt64, _ second: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(first)
    let (total, again) = sum.addingReportingOverflow(second)
    return overflow || again ? .max : total
  }
}

/// The events that clears removed from the ring buffer before a reader got them.
struct ClearedEvents {
  /// Their sequence numbers.
  private(set) var numbers: [ClosedRange<UInt64>] = []
  /// `true` if some of them may have been lost before the clear.
  private(set) var isUpperBound = false

  /// Finds them: at each clear those written and not delivered, after the last one delivered before it.
  ///
  /// A ring buffer that was full holds the newest of them where it overwrites, the oldest where it discards.
  init(_ history: LossHistory, _ books: DeliveryBooks) {
    var begin: UInt64 = 0
    for clear in history.clears {
      let before = history.handovers.prefix(max(0, clear.handovers)).flatMap(\.runs).map(\.upperBound)
        .filter { $0 < clear.produced }.max()
      begin = max(begin, before.map { $0 + 1 } ?? 0)
      guard begin < clear.produced else { continue }
      let missing = books.delivered.missing(from: begin..<min(clear.produced, history.produced))
        .flatMap { range in
          history.unfinished.reduce([range]) { parts, number in parts.flatMap { $0.without(number...number) } }
        }
      let count = missing.reduce(0) { $0 + ($1.upperBound - $1.lowerBound + 1) }
      if count <= clear.capacity {
        numbers += missing
      } else {
        isUpperBound = true
        numbers += clear.isOverwriting ? missing.last(clear.capacity) : missing.first(clear.capacity)
      }
      begin = clear.produced
    }
  }

  /// The number of events.
  var count: UInt64 { numbers.reduce(0) { $0 + ($1.upperBound - $1.lowerBound + 1) } }
}

extension ClosedRange<UInt64> {
  /// The parts of the range outside another one.
  func without(_ other: ClosedRange<UInt64>) -> [ClosedRange<UInt64>] {
    guard overlaps(other) else { return [self] }
    var parts: [ClosedRange<UInt64>] = []
    if lowerBound < other.lowerBound { parts.append(lowerBound...other.lowerBound - 1) }
    if upperBound > other.upperBound { parts.append(other.upperBound + 1...upperBound) }
    return parts
  }
}

extension [ClosedRange<UInt64>] {
  /// The first numbers of ascending ranges.
  fileprivate func first(_ count: UInt64) -> [ClosedRange<UInt64>] {
    var left = count
    return compactMap { range in
      guard left > 0 else { return nil }
      let taken = Swift.min(left, range.upperBound - range.lowerBound + 1)
      left -= taken
      return range.lowerBound...range.lowerBound + (taken - 1)
    }
  }

  /// The last numbers of ascending ranges.
  fileprivate func last(_ count: UInt64) -> [ClosedRange<UInt64>] {
    var left = count
    let taken: [ClosedRange<UInt64>] = reversed().compactMap { range in
      guard left > 0 else { return nil }
      let some = Swift.min(left, range.upperBound - range.lowerBound + 1)
      left -= some
      return range.upperBound - (some - 1)...range.upperBound
    }
    return taken.reversed()
  }
}
