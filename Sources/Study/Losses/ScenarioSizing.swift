import Results
import Workload

/// The sizes of a scenario's events on a back end, and the scenario's amounts computed from them.
struct ScenarioSizing {
  /// Why a back end cannot have such events.
  struct Impossible: Error {
    var reason: String
  }

  /// The bytes besides the sequence number and its length word, at least.
  let payload: UInt32
  /// And at most N more.
  let spread: UInt32
  /// The payload for ``Payload/tooBig``.
  let tooBig: UInt32
  /// The events that a sub-buffer holds; of mixed sizes, those of the mean size.
  let perSubbuffer: Int
  /// The events that the first sub-buffer holds.
  let inFirst: Int
  private let subbufferCount: Int
  private let laps: Int
  private let seed: UInt64
  private let room: Int
  private let eventSize: Int

  static func of(
    _ scenario: LossScenario, on backend: any StudiedBackend, laps: Int, seed: UInt64
  ) -> Result<ScenarioSizing, Impossible> {
    let room = scenario.subbufferSize - backend.headerSize
    switch payload(scenario.payload, room, backend) {
    case .failure(let impossible): return .failure(impossible)
    case .success(let (payload, spread)):
      let mean = backend.eventSize(payload: payload + spread / 2)
      return .success(
        ScenarioSizing(
          payload: payload, spread: spread, tooBig: UInt32(clamping: scenario.subbufferSize),
          perSubbuffer: max(1, room / mean), inFirst: max(1, (room - backend.firstEventSurplus) / mean),
          subbufferCount: scenario.subbufferCount, laps: laps, seed: seed, room: room,
          eventSize: backend.eventSize(payload: payload)))
    }
  }

  private static func payload(
    _ payload: Payload, _ room: Int, _ backend: any StudiedBackend
  ) -> Result<(UInt32, UInt32), Impossible> {
    switch payload {
    case .bytes(let count): return .success((count, 0))
    case .mixed(let least, let spread): return .success((least, spread))
    case .tooBig: return .success((UInt32(clamping: room), 0))
    case .onePerSubbuffer:
      let fitting = (16..<UInt32(clamping: room)).first { 2 * backend.eventSize(payload: $0) > room }
      guard let fitting, Int(fitting) <= backend.largestPayload else {
        return .failure(Impossible(reason: "an event that takes more than half of a sub-buffer cannot be written"))
      }
      return .success((fitting, 0))
    case .leaving(let bytes):
      let greatest = UInt32(clamping: min(room, backend.largestPayload))
      let fitting = (16...max(16, greatest)).first { payload in
        let size = backend.eventSize(payload: payload)
        return size <= room && room % size == bytes
      }
      guard let fitting else {
        return .failure(Impossible(reason: "no size of an event leaves \(bytes) of a sub-buffer's \(room) bytes"))
      }
      return .success((fitting, 0))
    }
  }

  /// No ring buffer of this shape holds more events: every sub-buffer full, and the reader's besides the writer's.
  var greatestCapacity: UInt64 { UInt64(clamping: (subbufferCount + 1) * max(perSubbuffer, inFirst)) }

  /// The number of events of an amount.
  func events(_ amount: LoadAmount) -> UInt64 {
    switch amount {
    case .events(let count): return count
    case .subbuffers(let count): return UInt64((count * Double(perSubbuffer)).rounded())
    case .capacity(let times, let plus):
      let fitting = inFirst + (subbufferCount - 1) * perSubbuffer
      let count = Int((times * Double(fitting)).rounded()) + plus
      return UInt64(max(0, count))
    case .laps: return UInt64(laps * perSubbuffer * subbufferCount)
    }
  }

  /// The number of times that steps are repeated.
  func count(_ count: LoadCount) -> Int {
    switch count {
    case .exactly(let times): times
    case .laps(let subbuffers): Int((Double(laps * subbufferCount) / subbuffers).rounded(.up))
    }
  }

  /// A load of N events.
  func load(_ first: UInt64, _ count: UInt64, rate: UInt64 = 0, burst: UInt64 = 1) -> Load {
    Load(first: first, count: count, payload: payload, rate: rate, burst: burst, spread: spread, seed: seed)
  }

  /// For the report.
  var observations: [Observation] {
    [
      Observation("payload", spread == 0 ? "\(payload)" : "\(payload) to \(payload + spread), drawn from the seed"),
      Observation("events of a sub-buffer", spread == 0 ? "\(perSubbuffer)" : "\(perSubbuffer) of the mean size"),
    ]
      + (inFirst != perSubbuffer ? [Observation("events of the first sub-buffer", inFirst)] : [])
      + (spread == 0 ? [Observation("bytes left in a full sub-buffer", room - perSubbuffer * eventSize)] : [])
  }
}
