import CTFPackets
import LTTngModulesBackend
import Platform
import Study
import SubbufferSource
import SystemPackage
import Workload

/// The ring buffer of a session of the kernel tracer in a loss scenario.
final class StudiedLTTngModulesRing: StudiedRing {
  let ring: LTTngModulesRing
  /// The state that the last closed reader left for the next one.
  private var memory: ReaderMemory?

  init(ring: LTTngModulesRing) {
    self.ring = ring
  }

  var producer: any LoadProducer { ring.producer }
  var tellsWriter: Bool { false }
  var heldAt: String { "in no place: \(LTTngModulesStudy.noUncommittedEvent)" }

  func withSource<Visitor: SourceVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    try withOpenSource { (source) throws(SourceError) in
      try visitor.visit(&source) { control, source throws(SourceError) in
        guard control == .clear else {
          throw SourceError(.usage, call: control.rawValue, detail: "not possible on a channel")
        }
        return ErrnoName.result(source.clear())
      }
    }
  }

  func withDrain(
    _ baseline: Baseline?, _ body: ((DrainWork) throws(SourceError) -> Drained) throws(SourceError) -> Void
  ) throws(SourceError) {
    if let baseline { throw baseline.isNoWay }
    try withOpenSource { (source) throws(SourceError) in try source.withDrain(body) }
  }

  /// Opens the stream where the reader before has left it.
  func withOpenSource(_ body: (inout LTTngModulesSource) throws(SourceError) -> Void) throws(SourceError) {
    var source = try ring.source(memory: memory)
    defer { memory = source.memory }
    try body(&source)
  }

  /// The stream is opened here and closed here; the process that is ended has inherited it, and gets the sub-buffer.
  func killReaderHolding() throws(SourceError) -> String {
    let stream = try ring.session.channel.stream(cpu: ring.cpu)
    guard let handle = stream.unsafeHandle else { throw SourceError(call: "ioctl STREAM", errno: .badFileDescriptor) }
    return try KilledReader.take(unsafe: handle, ModulesStream.unsafeGetNextSubbufferOfHandle)
  }
}
