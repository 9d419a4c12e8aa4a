import BPFRingABI
import CLoops
import CapturedSubbuffers
import Platform
import Study
import SubbufferSource
import UprobeEvents

/// The read loops on the BPF ring buffer.
struct BPFRingLoops: ProbedLoops, ~Copyable {
  private let ring: BPFRing
  private let recorder: BPFRecorder
  private var source: BPFRingSource
  private let reader: UnsafeMutablePointer<cloops_bpf>
  var load: ProbedLoad

  init(_ writer: ProbedWriter) throws(SourceError) {
    let ring = try BPFRing(dataSize: ProbedLoad.dataSize)
    let recorder = try BPFRecorder(into: ring, event: UInt64(writer.events[0].id), process: writer.producer.pid)
    load = ProbedLoad(producer: writer.producer, eventSize: 56)
    source = BPFRingSource(ring, recorder: recorder)
    reader = .allocate(capacity: 1)
    reader.initialize(to: cloops_bpf())
    reader.pointee.consumer_page = ring.unsafeConsumerPage
    reader.pointee.producer_page = ring.unsafeProducerPage
    reader.pointee.data = ring.unsafeData.assumingMemoryBound(to: UInt8.self)
    reader.pointee.data_size = UInt64(ring.dataSize)
    self.ring = ring
    self.recorder = recorder
  }

  deinit { reader.deallocate() }

  mutating func begin() {
    source = BPFRingSource(ring, recorder: recorder)
    reader.pointee.position = ring.consumerPosition
  }

  mutating func drainInSwift(into sum: inout cloops_sum) throws(SourceError) {
    try source.drain(into: &sum, stampOffset: 8)
  }

  mutating func drainInC(into sum: inout cloops_sum) -> Int32 { cloops_bpf_drain(reader, &sum) }
}

/// Reading and decoding of the BPF ring buffer, beside libbpf's reader.
struct LibBPFLoops: Contest, ~Copyable {
  private let ring: BPFRing
  private let recorder: BPFRecorder
  private let reader: OpaquePointer
  private var load: ProbedLoad

  /// Makes a ring buffer, lets `body` use the readers, and takes it down again.
  /// - Returns: what `body` returns; `nil` where there is no libbpf.
  static func with<Result>(
    _ placement: CPUPlacement, _ body: (inout LibBPFLoops) throws(SourceError) -> Result
  ) throws(SourceError) -> Result? {
    try ProbedWriter.with(cpu: placement.producer) { (writer) throws(SourceError) -> Result? in
      let ring = try BPFRing(dataSize: ProbedLoad.dataSize)
      guard let reader = cloops_libbpf_open(ring.map.descriptor.rawValue) else { return nil }
      var loops = try LibBPFLoops(writer, ring, reader)
      return try body(&loops)
    }
  }

  private init(_ writer: ProbedWriter, _ ring: BPFRing, _ reader: OpaquePointer) throws(SourceError) {
    recorder = try BPFRecorder(into: ring, event: UInt64(writer.events[0].id), process: writer.producer.pid)
    load = ProbedLoad(producer: writer.producer, eventSize: 56)
    self.ring = ring
    self.reader = reader
  }

  deinit { cloops_libbpf_close(reader) }

  mutating func timeSwift() throws(SourceError) -> Double {
    try load.write()
    var source = BPFRingSource(ring, recorder: recorder)
    let begin = MonotonicClock.now()
    let count = try source.countSequences()
    return try load.perRecord(MonotonicClock.now() - begin, events: count.events, "Swift")
  }

  mutating func timeOther() throws(SourceError) -> Double {
    try load.write()
    var count = cloops_count()
    let begin = MonotonicClock.now()
    let result = cloops_libbpf_drain(reader, &count)
    let end = MonotonicClock.now()
    try checked("ring_buffer__consume", result)
    return try load.perRecord(end - begin, events: count.events, "libbpf")
  }
}
