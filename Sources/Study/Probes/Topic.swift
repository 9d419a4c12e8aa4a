/// The subject of a claim, in the order of the report. The raw values are stored in results.
public enum Topic: String, Codable, Sendable, CaseIterable {
  case handOver = "hand-over"
  case consumption = "consumption"
  case counters = "counters"
  case headers = "header flags and counts"
  case staleness = "staleness"
  case losses = "discard and overwrite"
  case positions = "positions and snapshots"
  case finalisation = "finalisation"
  case readiness = "readiness"
  case readers = "several readers"
  case misuse = "misuse"
  case refusals = "what is refused while mapped"
  case mapping = "mapping restrictions"
  case layout = "layout and its growth"
  case compatibility = "32-bit readers"
  case changes = "options and clearing"
  case geometry = "sub-buffer sizes"

  /// The name that the report and the documentation show.
  public var title: String {
    switch self {
    case .refusals: "refusals while mapped"
    case .layout: "layout and extensibility"
    default: rawValue
    }
  }
}
