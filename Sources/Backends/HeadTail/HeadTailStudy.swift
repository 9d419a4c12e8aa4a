import Results
import Study
import SubbufferSource
import TracefsABI
import UprobeEvents
import Workload

/// A study of a ring buffer with a head and a tail, into which a uprobe of the writer records.
package protocol HeadTailStudy: DesignStudy where Ring: HeadTailRing {
  /// The name of the ring buffer in a sentence: "perf's ring buffer".
  var ringName: String { get }
  /// The act at the uprobe, and the state of an event after it: "the kernel records the event", "written".
  var recording: (act: String, done: String) { get }
}

extension HeadTailStudy {
  /// The back end is the running kernel's.
  package var isLive: Bool { true }
  /// The back end is not a model.
  package var modelOf: String? { nil }
  /// The ring buffer has neither sub-buffers nor headers of them.
  package var headerSize: Int { 0 }

  /// Makes a ring buffer on a writer's uprobe, and removes all of it again.
  /// - Throws: the error of the visitor, and ``SourceError`` where a call fails.
  package func withStudiedRing<Visitor: StudiedRingVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {
    try withProbeRing(configuration) { (ring) throws(SourceError) in
      try visitor.visit(StudiedHeadTailRing(ring: ring, name: ringName))
    }
  }

  /// The writer is interrupted at its uprobe until the event is recorded; nothing is switched or cleared.
  package func lacks(_ need: RingNeed) -> String? {
    switch need {
    case .subbuffers: "the ring buffer has a head and a tail, and no sub-buffers"
    case .heldWrite, .stopInsideWrite, .nestedWrites:
      "\(recording.act) in the exception of the uprobe, where no signal is handled and nothing waits"
    case .readerProcess: "the ring buffer goes with the last process that has it open"
    case .switchTimer: "each event can be read when it is \(recording.done), and no timer is needed"
    case .control(let control): "the ring buffer has no such control (\(control.rawValue))"
    case .producerProcess: nil
    }
  }

  /// Removes the uprobes that killed runs left; events, programs and maps go with their process.
  /// - Returns: their names.
  package func removeAbandoned() -> [String] {
    guard let tracefs = try? Tracefs.mounted() else { return [] }
    return UprobeEvent.removeAbandoned(in: tracefs)
  }
}

/// A ring buffer with a head and a tail in a loss scenario.
struct StudiedHeadTailRing<Ring: HeadTailRing>: TimedRing {
  let ring: Ring
  let name: String

  var producer: any LoadProducer { ring.producer }
  var tellsWriter: Bool { false }
  var heldAt: String { "nowhere" }

  func withSource<Visitor: SourceVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    try ring.withSource(&visitor) { (control) throws(SourceError) in throw cannot(control.rawValue) }
  }

  func withDrain(
    _ baseline: Baseline?, _ body: ((DrainWork) throws(SourceError) -> Drained) throws(SourceError) -> Void
  ) throws(SourceError) {
    if let baseline { throw baseline.isNoWay }
    try ring.withDrain(body)
  }

  func withGetters<Visitor: GetterVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    try ring.withGetters(&visitor)
  }

  func killReaderHolding() throws(SourceError) -> String { throw cannot("kill a reader") }

  private func cannot(_ call: String) -> SourceError {
    SourceError(.usage, call: call, detail: "\(name) has no such call", remedy: "ask lacks(_:) first")
  }

  var timedProducer: any TimedProducer { ring.producer }
  var writeCall: String { "call of the probed function, the trap of the uprobe included" }
  var wakeups: [Wakeup] { [.event, .fullSubbuffer] }

  func wake(upon wakeup: Wakeup?) throws(SourceError) { try ring.wake(upon: wakeup) }
}
