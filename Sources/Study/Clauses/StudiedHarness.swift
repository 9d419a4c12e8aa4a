import Results
import SubbufferSource
import SubbufferSourceConformance
import Workload

/// The conformance kit's harness for any back end of the study.
public struct StudiedHarness: ConformanceHarness {
  let backend: any StudiedBackend

  /// A harness for a back end, which must be able to run here.
  public init(backend: any StudiedBackend) {
    self.backend = backend
  }

  /// The name of the back end.
  public var name: String { backend.name }
  /// The modes of the back end's ring buffers.
  public var modes: [RingMode] { backend.modes }
  /// A page and 16 pages.
  public let subbufferSizes = [4096, 65536]
  /// The header of the back end's sub-buffers.
  public var headerSize: Int { backend.headerSize }
  /// A producer can be ended.
  public let endsWriter = true
  /// A producer writes while the source is in a call.
  public let writesConcurrently = true
  /// The largest payload of the back end's producer.
  public var largestPayload: Int { backend.largestPayload }

  /// The bytes of an event of the workload.
  public func eventSize(payload: Int) -> Int {
    backend.eventSize(payload: UInt32(clamping: payload))
  }

  /// Makes a ring buffer of the back end with a producer.
  /// - Throws: ``SourceError`` where setting up or taking down fails.
  public func withSource<Visitor: ConformanceVisitor>(
    _ shape: RingShape, _ visitor: inout Visitor
  ) throws(SourceError) {
    let configuration = RingConfiguration(
      mode: shape.mode, subbufferSize: shape.subbufferSize,
      subbufferCount: shape.subbufferCount, producerCPU: backend.producerCPU)
    var ring = ConformanceRing(visitor: visitor)
    defer { visitor = ring.visitor }
    try backend.withRing(configuration, &ring)
  }
}

/// The kit's visitor as one of the study.
private struct ConformanceRing<Visitor: ConformanceVisitor>: RingVisitor {
  var visitor: Visitor

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError) {
    visitor.visit(&source, ProducerWriter(producer: producer))
  }
}

private struct ProducerWriter: ConformanceWriter {
  let producer: any LoadProducer

  func write(first: UInt64, count: UInt64, payload: Int) throws(SourceError) -> Written {
    guard payload <= Load.largestPayload else { return Written(accepted: 0, refused: count) }
    let truth = try producer.write(Load(first: first, count: count, payload: UInt32(clamping: payload)))
    return Written(accepted: truth.accepted, refused: truth.refused)
  }

  func end() {
    producer.end()
  }
}

extension ClauseRecord {
  /// Makes a record of the study from the kit's result on a clause.
  init(_ result: ClauseResult, backend: String) {
    self.init(
      backend: backend, clause: result.clause.number, title: result.clause.title, verdict: .kept, cases: result.cases)
    switch result.verdict {
    case .kept: break
    case .broken(let example):
      verdict = .broken
      evidence = [
        Observation("ring buffer", "\(example.shape)"), Observation("load", example.load),
        Observation("expected", example.expected), Observation("seen", example.seen),
      ]
    case .inconclusive(let why):
      verdict = .inconclusive
      reason = why
    case .notApplicable(let why):
      verdict = .notApplicable
      reason = why
    }
  }
}
