import ReferenceModels
import Study
import SubbufferSource
import TracefsABI
import Workload

/// A model of the kernel's ring buffer with its writer.
package struct KernelModelStudyRing: KernelRing {
  package let configuration: RingConfiguration
  package let model: KernelModelRing
  package let producer: ModelProducer

  package init(
    _ variant: KernelModelParameters.Variant, _ configuration: RingConfiguration, fault: MemoryFault? = nil
  ) throws(SourceError) {
    self.configuration = configuration
    let model = try KernelModelRing(
      KernelModelParameters(
        variant: variant, mode: configuration.mode,
        subbufferSize: configuration.subbufferSize, subbufferCount: configuration.subbufferCount), fault: fault)
    // As TracefsRing: a waiter is woken by the first event.
    try model.setBufferPercent(0)
    self.model = model
    producer = try ModelProducer(cpu: configuration.producerCPU) { first, count, payload in
      model.write(first: first, count: count, payload: payload).refused
    }
  }

  package func eventSize(payload: UInt32) -> Int { KernelModelRing.eventSize(payload: payload) }

  package func write(_ load: Load) throws(SourceError) -> Truth { try producer.write(load) }

  package func map(nonBlocking: Bool) throws(SourceError) -> KernelModelStudyMapping {
    try KernelModelStudyMapping(KernelModelMapping(model, nonBlocking: nonBlocking))
  }

  package func stats() throws(SourceError) -> CPUStats {
    let stats = model.stats
    return CPUStats(
      entries: stats.entries, overrun: stats.overrun, commitOverrun: stats.commitOverrun,
      droppedEvents: stats.droppedEvents, readEvents: stats.readEvents)
  }

  package func set(bufferPercent: Int) throws(SourceError) {
    try model.setBufferPercent(UInt64(clamping: bufferPercent))
  }

  package func endWriter() { producer.end() }

  package var kernelTaint: String? { nil }

  package func writeInterrupted(
    seenBy mapping: KernelModelStudyMapping, _ body: () throws(SourceError) -> Void
  ) throws(SourceError) -> UInt64 {
    let payload = UInt32(configuration.subbufferSize - headerSize) / 2
    return try model.writeInterrupted(
      by: 2 * UInt64(configuration.subbufferCount), payload: payload, whileUncommitted: body
    ).attempted
  }

  private var headerSize: Int { TracefsRing.headerSize }
}

/// A mapping of the model.
package final class KernelModelStudyMapping: KernelMapping {
  private let mapping: KernelModelMapping

  package init(_ mapping: consuming KernelModelMapping) {
    self.mapping = mapping
  }

  package func unsafeGetReader() -> Int32 { mapping.unsafeGetReader() }

  package var metaPage: MetaPage {
    let meta = mapping.metaPage
    return MetaPage(
      metaPageSize: meta.metaPageSize, metaStructLength: meta.metaStructLength, subbufferSize: meta.subbufferSize,
      subbufferCount: meta.subbufferCount, readerLostEvents: meta.readerLostEvents, readerID: meta.readerID,
      readerRead: meta.readerRead, flags: meta.flags ?? 0, entries: meta.entries, overrun: meta.overrun,
      read: meta.read)
  }

  package var geometry: Geometry { mapping.geometry }

  package func poll(_ timeout: Milliseconds) throws(SourceError) -> Int16 { try mapping.poll(timeout) }

  package func look(at id: UInt32, from: UInt32, end: UInt32?) throws(SourceError) -> KernelLook {
    let start = try address(of: id)
    let size = geometry.subbufferSize
    let headerSize = TracefsRing.headerSize
    // The low 32 bits of the commit word are the kernel's.
    let commit = UInt32(truncatingIfNeeded: mapping.commitWord(id) ?? 0)
    let dataCount = Int(commit & ~(PageHeader.missedEvents | PageHeader.missedStored))
    let shown = min(end.map { Int($0) } ?? dataCount, size - headerSize)
    let events = try KernelModelDecoder().events(
      in: start, count: headerSize + shown, unreadOffset: headerSize + Int(from))
    return KernelLook(
      timestamp: mapping.timestamp(id) ?? 0, commit: commit,
      loss: loss(commit, behind: start + headerSize + dataCount, room: size - headerSize - dataCount),
      dataCount: dataCount, room: size - headerSize - dataCount, sequences: events.sequences,
      times: events.times, otherCount: events.otherCount)
  }

  /// The loss before the sub-buffer, as the header reports it: ``PageHeader``.
  private func loss(_ commit: UInt32, behind data: UnsafeRawPointer, room: Int) -> Loss {
    guard commit & PageHeader.missedEvents != 0 else { return .none }
    guard commit & PageHeader.missedStored != 0, room >= 8 else { return .some }
    return .events(data.loadUnaligned(as: UInt64.self))
  }

  package func bytes(of id: UInt32) throws(SourceError) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: try address(of: id), count: geometry.subbufferSize))
  }

  private func address(of id: UInt32) throws(SourceError) -> UnsafeRawPointer {
    guard let start = mapping.unsafeSubbuffer(id) else {
      throw SourceError(.malformed, call: "look at a sub-buffer", detail: "id \(id)")
    }
    return start
  }
}

/// A model of the kernel's ring buffer in a loss scenario.
package struct StudiedKernelModelRing: StudiedRing {
  package let ring: KernelModelStudyRing

  package var producer: any LoadProducer { ring.producer }
  package var tellsWriter: Bool { true }
  package var heldAt: String { "nowhere" }

  package func withSource<Visitor: SourceVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    var source = try KernelModelSource(ring.model)
    try visitor.visit(&source) { control, _ throws(SourceError) in throw ModelRing.cannot(control.rawValue) }
  }

  package func killReaderHolding() throws(SourceError) -> String { throw ModelRing.cannot("kill a reader") }
}
