import Results
import Study
import SubbufferSource
import Workload

extension ABI {
  /// The ring buffer of this package.
  public static let sharedRing = ABI("shared-ring")
}

extension SharedRing {
  /// The back end with its answers, for ``BackendSet/merged(_:)``.
  public static let set = BackendSet(answers: SharedRingAnswers.all) { [SharedRingStudy(producerCPU: $0)] }
}

/// The shared ring in the study.
public struct SharedRingStudy: StudiedBackend {
  /// `shared-ring`.
  public let name = "shared-ring"
  /// The name of the ring buffer.
  public let title = "Shared ring, ring buffer in memory shared by two processes (memfd)"
  /// A live ring buffer.
  public let isLive = true
  /// No model.
  public let modelOf: String? = nil
  /// Its only ABI.
  public let abis = [ABI.sharedRing]
  /// The CPU of the writer.
  public let producerCPU: Int

  /// A study with its writers on one CPU.
  public init(producerCPU: Int) {
    self.producerCPU = producerCPU
  }

  /// The functions of `shared_ring.h`. The next acquire is the release.
  public let calls = CallNames(
    acquire: "shared_ring_acquire", acquireOfNothing: "shared_ring_acquire", release: nil, wait: "shared_ring_wait",
    flush: nil)

  /// `number`, `before` and `commit`.
  public let headerSize = SharedRing.headerSize

  /// The bytes of an event: its header, the payload, and padding to a multiple of 8.
  public func eventSize(payload: UInt32) -> Int { SharedRing.eventSize(payload: payload) }

  /// Limited by the producer alone.
  public let largestPayload = Load.largestPayload

  /// The geometry of the usual ring buffer.
  /// - Throws: ``SourceError`` if it cannot be made.
  public func facts() throws(SourceError) -> BackendFacts {
    let source = try SharedRingSource(SharedRing(RingConfiguration(mode: .overwrite, producerCPU: producerCPU)))
    return BackendFacts(
      version: "shared ring 1.0",
      observations: [
        Observation("subbuffer_size", source.geometry.subbufferSize),
        Observation("sub-buffers, with the reader's", source.geometry.subbufferCount),
      ],
      capabilities: source.capabilities)
  }

  /// A memfd goes with the processes that have it open: a killed run leaves nothing.
  public func removeAbandoned() -> [String] { [] }

  /// Makes a ring buffer with a writer process, and ends both.
  /// - Throws: the visitor's error, or ``SourceError`` if a call fails.
  public func withStudiedRing<Visitor: StudiedRingVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {
    try visitor.visit(StudiedSharedRing(ring: SharedRing(configuration)))
  }

  /// README.md, promise 5.
  public var lossRecipes: [LossRecipe] {
    RingMode.allCases.map { mode in
      LossRecipe(
        mode: mode, withEachHandover: ["before of the sub-buffer's header minus next of the control page"],
        inTotal: ["after the last acquire, load lost of the control page"])
    }
  }

  /// The unsupported capabilities.
  public func lacks(_ need: RingNeed) -> String? {
    switch need {
    case .subbuffers: nil
    case .nestedWrites: "a write is not re-entrant"
    case .switchTimer: "partial sub-buffers are handed out, and no timer ends them"
    case .control(let control): "the ring buffer has no such control (\(control.rawValue))"
    case .producerProcess, .heldWrite, .stopInsideWrite, .readerProcess: nil
    }
  }

  /// One round of reading: 16 events are written, acquired and read.
  /// - Throws: ``SourceError`` if a call fails.
  public func recordOperations() throws(SourceError) -> [OperationRecord] {
    let ring = try SharedRing(RingConfiguration(mode: .overwrite, producerCPU: producerCPU))
    var reader = SharedRingReader(ring)
    try ring.write(16)
    let ready = try reader.source.wait(0) == .ready
    let first = try reader.next()
    let second = try reader.next()
    return [
      record(.setUp, "shared_ring_create(4096, 8, 1)", "a descriptor"),
      record(.map, "shared_ring_map(fd, &size)", "an address"),
      record(.write, "shared_ring_write, once for each event", "0"),
      record(.wait, "shared_ring_wait(reader, 0)", ready ? "1" : "0"),
      record(
        .acquire, calls.acquire, first == nil ? "0" : "1", [Observation("number", first?.number ?? 0)]),
      record(.losses, "before - next", "\(first?.lostCount ?? 0)"),
      record(.read, "decode up to commit", "\(first?.sequences.count ?? 0) events"),
      record(.acquireAgain, calls.acquireOfNothing, second == nil ? "0" : "1"),
    ]
  }

  private func record(
    _ step: OperationRecord.Step, _ call: String, _ result: String, _ effects: [Observation] = []
  ) -> OperationRecord {
    OperationRecord(backend: name, step: step, call: call, result: result, effects: effects)
  }
}
