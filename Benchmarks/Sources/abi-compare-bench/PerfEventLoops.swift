import CLoops
import PerfEventABI
import Platform
import Study
import SubbufferSource
import UprobeEvents

/// The read loops on perf's mapped ring buffer in discard mode.
struct PerfEventLoops: ProbedLoops, ~Copyable {
  private let ring: PerfRing
  private let sequenceOffset: Int
  private var source: PerfEventSource
  private let reader: UnsafeMutablePointer<cloops_perf>
  var load: ProbedLoad

  init(_ writer: ProbedWriter) throws(SourceError) {
    let event = writer.events[0]
    let ring = try PerfRing(
      PerfRing.Options(
        event: UInt64(event.id), process: writer.producer.pid, dataSize: ProbedLoad.dataSize, overwrites: false,
        watermark: UInt32(ProbedLoad.dataSize)))
    load = ProbedLoad(producer: writer.producer, eventSize: 80)
    sequenceOffset = event.sequenceOffset
    source = PerfEventSource(ring, sequenceOffset: event.sequenceOffset)
    reader = .allocate(capacity: 1)
    reader.initialize(to: cloops_perf())
    reader.pointee.page = ring.unsafePage
    reader.pointee.data = ring.unsafeData.assumingMemoryBound(to: UInt8.self)
    reader.pointee.data_size = UInt64(ring.dataSize)
    self.ring = ring
  }

  deinit { reader.deallocate() }

  mutating func begin() {
    source = PerfEventSource(ring, sequenceOffset: sequenceOffset)
    reader.pointee.position = ring.dataTail
  }

  mutating func drainInSwift(into sum: inout cloops_sum) throws(SourceError) {
    try source.drain(into: &sum, stampOffset: 8)
  }

  mutating func drainInC(into sum: inout cloops_sum) -> Int32 { cloops_perf_drain(reader, &sum) }
}
