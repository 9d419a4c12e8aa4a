import BPFRingABI
import CLoops
import CapturedSubbuffers
import Platform
import Study
import SubbufferSource
import UprobeEvents

/// The read loops on the BPF ring buffer. Both read the same mapping; one drains it at a time.
struct BPFRingLoops: Contest, ~Copyable {
  private let ring: BPFRing
  private let recorder: BPFRecorder
  private let reader: UnsafeMutablePointer<cloops_bpf>
  private var load: ProbedLoad

  /// Makes a ring buffer, lets `body` use the loops, and takes it down again.
  static func with<Result>(
    _ placement: CPUPlacement, _ body: (inout BPFRingLoops) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    try ProbedWriter.with(cpu: placement.producer) { (writer) throws(SourceError) in
      var loops = try BPFRingLoops(writer)
      return try body(&loops)
    }
  }

  private init(_ writer: ProbedWriter) throws(SourceError) {
    let ring = try BPFRing(dataSize: ProbedLoad.dataSize)
    recorder = try BPFRecorder(into: ring, event: UInt64(writer.events[0].id), process: writer.producer.pid)
    self.ring = ring
    load = ProbedLoad(producer: writer.producer, eventSize: 56)
    reader = .allocate(capacity: 1)
    reader.initialize(to: cloops_bpf())
    reader.pointee.consumer_page = ring.unsafeConsumerPage
    reader.pointee.producer_page = ring.unsafeProducerPage
    reader.pointee.data = ring.unsafeData.assumingMemoryBound(to: UInt8.self)
    reader.pointee.data_size = UInt64(ring.dataSize)
  }

  deinit { reader.deallocate() }

  mutating func timeSwift() throws(SourceError) -> Double {
    try load.write()
    var source = BPFRingSource(ring, recorder: recorder)
    var sum = cloops_sum()
    let begin = MonotonicClock.now()
    try source.drain(into: &sum, stampOffset: 8)
    return try load.perRecord(MonotonicClock.now() - begin, sum, "Swift")
  }

  mutating func timeOther() throws(SourceError) -> Double {
    try load.write()
    reader.pointee.position = ring.consumerPosition
    var sum = cloops_sum()
    let begin = MonotonicClock.now()
    let result = cloops_bpf_drain(reader, &sum)
    let end = MonotonicClock.now()
    try checked("cloops_bpf_drain", result)
    return try load.perRecord(end - begin, sum, "C")
  }

  /// The number of times that the loop in Swift allocates.
  mutating func allocations() throws(SourceError) -> UInt64 {
    try load.write()
    var source = BPFRingSource(ring, recorder: recorder)
    return try allocationsOf(check: { (sum) throws(SourceError) in try load.perRecord(0, sum, "Swift") }) {
      (sum) throws(SourceError) in try source.drain(into: &sum, stampOffset: 8)
    }
  }
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
