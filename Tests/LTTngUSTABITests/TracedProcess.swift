import CTFPackets
import Glibc
import LTTngUSTABI
import SubbufferSource
import Testing
import Workload

/// `true` if the tests run. If LTTng-UST is missing they fail, unless `ABI_COMPARE_ALLOW_SKIP=1` allows a skip.
let testsRun = LTTngUSTLibrary.obstacle == nil || getenv("ABI_COMPARE_ALLOW_SKIP").map { String(cString: $0) } != "1"

/// The series of the installed library.
let series = (try? LTTngUSTLibrary())?.series ?? .from2_13

/// The produced position of a ring buffer without events: up to 2.14 after the header of the first packet.
let producedWhenNew: UInt = series < .from2_15 ? UInt(PacketHeader.byteCount) : 0

/// The time limit of every wait; it is reached only if the awaited event is missing.
let patience: Milliseconds = 30_000

/// A traced producer that is ready to write, and its session.
struct TracedProcess {
  let producer: ProducerProcess
  let session: USTSession

  init(
    _ attributes: ChannelAttributes, eventHeader: EventHeader = .compact, eventID: UInt32 = 0,
    isShared: Bool = false, environment: [String: String?] = [:]
  ) throws {
    let listener = try USTListener(try LTTngUSTLibrary())
    producer = try ProducerProcess(
      executable: try ProducerExecutable.tracedProcess.path(), arguments: ["0"],
      environment: listener.environment.merging(environment) { $1 })
    session = try USTSession(
      listener, process: producer.pid, attributes: attributes, eventHeader: eventHeader, eventID: eventID,
      isShared: isShared)
    try producer.waitUntilReady(patience)
    try session.checkEvent()
  }

  /// Another process that records into the channel of `first`.
  init(joining first: TracedProcess) throws {
    let listener = try USTListener(try LTTngUSTLibrary())
    producer = try ProducerProcess(
      executable: try ProducerExecutable.tracedProcess.path(), arguments: ["0"], environment: listener.environment)
    session = try USTSession(listener, process: producer.pid, joining: first.session)
    try producer.waitUntilReady(patience)
    try session.checkEvent()
  }

  /// Makes the producer write events, and waits until it is done.
  @discardableResult
  func write(_ count: UInt64, from first: UInt64 = 0, payload: UInt32 = 32) throws -> Truth {
    try producer.start(Load(first: first, count: count, payload: payload))
    return try #require(try producer.truth(within: patience))
  }

  func source() throws -> LTTngUSTSource { try LTTngUSTSource(session, cpu: 0) }
}

extension ChannelAttributes {
  /// The sub-buffers of the reader's own that the installed library adds in a mode.
  static func readerSubbuffers(_ mode: RingMode) -> Int { mode == .overwrite || series >= .from2_15 ? 1 : 0 }
  /// 64 sub-buffers: more than any test fills by accident.
  static var roomy: ChannelAttributes { ChannelAttributes(mode: .discard, subbufferSize: 4096, subbufferCount: 64) }
  /// 4 sub-buffers.
  static func tight(_ mode: RingMode) -> ChannelAttributes {
    ChannelAttributes(mode: mode, subbufferSize: 4096, subbufferCount: 4)
  }
}

/// The contents and losses of the sub-buffers that a reader received.
struct Seen {
  var sequence: [UInt64] = []
  var numbers: [UInt64] = []
  var losses: [Loss] = []
  var sizes: [Int] = []

  var discarded: UInt64 {
    losses.reduce(0) { if case .events(let count) = $1 { $0 + count } else { $0 } }
  }
  var missingPackets: UInt64 {
    losses.reduce(0) { if case .packets(let count, _) = $1 { $0 + count } else { $0 } }
  }

  mutating func add(
    _ subbuffer: borrowing Subbuffer, _ decoder: PacketDecoder<SequencePayload>
  ) throws(SourceError) {
    numbers.append(subbuffer.number)
    losses.append(subbuffer.loss)
    sizes.append(subbuffer.bytes.byteCount)
    var sequence: [UInt64] = []
    do {
      try decoder.forEachEvent(in: subbuffer) { event, bytes in
        if let number = event.sequenceNumber(in: bytes) { sequence.append(number) }
      }
    } catch {
      throw SourceError(error)
    }
    self.sequence += sequence
  }
}

/// Returns a copy of the current bytes of a sub-buffer.
func copy(of subbuffer: borrowing Subbuffer) -> [UInt8] {
  subbuffer.withBytes { bytes in bytes.withUnsafeBytes { Array($0) } }
}

/// Reads all available sub-buffers; returns `true` at the end of the stream.
func readAvailable(_ source: inout LTTngUSTSource, into seen: inout Seen) throws -> Bool {
  let decoder = source.decoder
  while true {
    var now = seen
    let visited = try source.withNext { subbuffer throws(SourceError) in try now.add(subbuffer, decoder) }
    seen = now
    switch visited {
    case .subbuffer: continue
    case .nothingYet: return false
    case .finished: return true
    }
  }
}

/// Reads until the end of the traced process's data.
func readToEnd(_ source: inout LTTngUSTSource) throws -> Seen {
  var seen = Seen()
  while try !readAvailable(&source, into: &seen) {
    let readiness = try source.wait(patience)
    try #require(readiness != .timedOut)
  }
  return seen
}
