import CSharedRing
import Results
import Study
import SubbufferSource
import Workload

/// A shared ring with its producer, whose readers come and go.
struct StudiedSharedRing: StudiedRing {
  let ring: SharedRing

  var producer: any LoadProducer { ring.producer }
  var tellsWriter: Bool { true }
  var heldAt: String { "in shared_ring_write, at the copy of the payload: before the event is committed" }

  func withSource<Visitor: SourceVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    var source = SharedRingSource(ring)
    try visitor.visit(&source) { control, _ throws(SourceError) in
      throw SourceError(.usage, call: control.rawValue, detail: "no control", remedy: "ask lacks(_:) first")
    }
  }

  /// Compiled for this source.
  func withDrain(
    _ baseline: Baseline?, _ body: ((DrainWork) throws(SourceError) -> Drained) throws(SourceError) -> Void
  ) throws(SourceError) {
    if let baseline { throw baseline.isNoWay }
    var source = SharedRingSource(ring)
    try source.withDrain(body)
  }

  func withGetters<Visitor: GetterVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    try visitor.visit(Getter("lost", "control page, a load")) { count in
      var sum: UInt64 = 0
      for _ in 0..<count { sum &+= shared_ring_lost(ring.start) }
      withExtendedLifetime(sum) {}
    }
  }

  func killReaderHolding() throws(SourceError) -> String {
    try KilledReader.take(unsafe: ring.start) { shared_ring_take($0) }
  }
}

extension StudiedSharedRing: TimedRing {
  var timedProducer: any TimedProducer { ring.producer }
  var writeCall: String { "shared_ring_write" }
  var wakeups: [Wakeup] { [.event, .fullSubbuffer] }

  func wake(upon wakeup: Wakeup?) throws(SourceError) {
    shared_ring_wake_when_full(ring.start, wakeup == .fullSubbuffer ? 1 : 0)
  }
}
