import Platform
import Results
import Study
import SubbufferSource

/// All rows, one group after the other.
struct BenchRun {
  /// The groups by the names that the command line has for them.
  static let groups = ["loops", "decoding", "programs", "recording"]

  let options: Options
  let placement: CPUPlacement
  var random: SeededGenerator

  init(_ options: Options, _ placement: CPUPlacement) {
    self.options = options
    self.placement = placement
    random = SeededGenerator(seed: options.seed)
  }

  /// The rows that were asked for.
  mutating func rows() throws(SourceError) -> [Row] {
    var rows: [Row] = []
    if isAsked("loops") { rows += try loops() }
    if isAsked("decoding") { rows += try decoding() }
    if isAsked("programs") { rows += try programs() }
    if isAsked("recording") { rows += try recording() }
    return rows
  }

  private func isAsked(_ group: String) -> Bool {
    options.groups.isEmpty || options.groups.contains(group)
  }

  /// So many trials, or as few as there can be for a check.
  func trials(_ blocks: Int, _ repetitions: Int) -> Trials {
    options.isCheck ? Trials(blocks: 2, repetitions: 1) : Trials(blocks: blocks, repetitions: repetitions)
  }
}
