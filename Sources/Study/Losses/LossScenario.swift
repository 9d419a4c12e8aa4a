import SubbufferSource
import Workload

/// How a load is written and read, so that events are lost or are not.
public struct LossScenario: Sendable, Equatable {
  /// What the reader does while the producer writes.
  public enum Reader: String, Sendable {
    /// Reads whatever is there, all the time.
    case keepsUp = "keeps-up"
    /// Takes one sub-buffer for every three that are written.
    case fallsBehind = "falls-behind"
    /// Reads nothing until the producer is done.
    case stalled = "stalled"
  }

  /// The behaviour of the reader; its raw value is the name of the scenario.
  public var reader: Reader
  /// What the scenario is, in a sentence.
  public var title: String
  /// Bytes in each event beside the sequence number and its length word.
  public var payload: UInt32
  /// The rate while the reader keeps up, in events a second; 0 as fast as the producer can.
  public var rate: UInt64

  /// The name by which it is asked for.
  public var name: String { reader.rawValue }

  /// With this one no back end's events fill a packet of LTTng's design to its last byte. There the count of discarded
  /// events tells less at the end, which is a claim of its own (`count-beside-the-gap-of-full`).
  private static let payload: UInt32 = 24

  /// All scenarios.
  public static let all = [
    LossScenario(
      reader: .keepsUp, title: "paced producer, the reader reads all the time", payload: payload, rate: 20_000),
    LossScenario(
      reader: .fallsBehind, title: "the reader takes one sub-buffer for every three that are written", payload: payload,
      rate: 0),
    LossScenario(
      reader: .stalled, title: "the reader reads nothing until the producer is done", payload: payload, rate: 0),
  ]
}
