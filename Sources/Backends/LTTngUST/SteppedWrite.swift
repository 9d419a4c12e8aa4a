import CPerfEvents
import CTFPackets
import CWorkload
import Glibc
import LTTngUSTABI
import SubbufferSource
import SystemPackage
import Workload

/// A point of a write at which its process is stopped: after a change in the memory of the ring buffer.
struct WriteStop {
  /// The number of the point in its write, from 1 on.
  var number = 0
  /// The changed field: `commit_hot[this].cc`. `this` is the sub-buffer that the writer was in, `next` the one after.
  var field = ""
  /// `true` from the reservation on.
  var isReserved = false
  /// `true` from the last addition to the commit count of the sub-buffer that the writer was in: that of the event, or
  /// that of the padding if the event does not fit.
  var isFilled = false
  /// `true` from the end of the delivery of that sub-buffer: the second change of its `cc_sb`.
  var isDelivered = false
  /// `true` from the addition of the event to a commit count.
  var isCommitted = false

  /// `true` from the release of the sub-buffer that the event is in; always `false` up to 2.14, without owners.
  var isReleased = false

  private var hasWrittenEvent = false
  private var hasBegunDelivery = false

  init() {}

  /// A point that is only named.
  init(number: Int, field: String) {
    self.number = number
    self.field = field
  }

  /// Moves to the next point.
  fileprivate mutating func pass(_ field: String) {
    number += 1
    self.field = field
    switch field {
    case "offset": isReserved = true
    case "event": hasWrittenEvent = true
    case "commit_hot[this].cc": isFilled = true
    case "commit_cold[this].cc_sb" where hasBegunDelivery: isDelivered = true
    case "commit_cold[this].cc_sb": hasBegunDelivery = true
    default: break
    }
    isReleased = isReleased || isCommitted && field.hasSuffix(".owner")
    isCommitted = isCommitted || hasWrittenEvent && field.hasPrefix("commit_hot") && field.hasSuffix(".cc")
  }
}

/// A write that another process executes one instruction at a time (`PTRACE_SINGLESTEP`), and the changes that it makes
/// in the memory of the ring buffer.
///
/// The points are found by their effect, so no address in the tracer has to be known. Changes of one field that follow
/// each other are one point, after the first of them: a packet header is then begun.
final class SteppedWrite {
  /// More than a write executes.
  private static let mostInstructions = 100_000

  private let producer: ProducerProcess
  private let stream: LTTngUSTStream
  private let memory: StreamMemory
  /// The memory as the write has left it so far.
  private var image: [UInt8]
  /// The name of each field and the number of its element, by the offsets of its bytes.
  private let names: [Int: (name: String, element: Int)]
  /// The sub-buffers `this` and `next`.
  private let indexes: (this: Int, next: Int)
  /// The data of both, by its offset.
  private let data: (this: Range<Int>, next: Range<Int>)

  /// Prepares the stops of the next write into a stream.
  /// - Throws: ``SourceError`` if the memory of the stream cannot be read.
  init(_ ring: LTTngUSTRing, _ stream: LTTngUSTStream) throws(SourceError) {
    producer = ring.producer
    self.stream = stream
    let (size, count) = (ring.configuration.subbufferSize, ring.configuration.subbufferCount)
    let this = Int(try stream.positions().produced) / size % count
    memory = try StreamMemory(stream.stream)
    image = Array(UnsafeRawBufferPointer(start: memory.start, count: memory.length))
    names = SteppedWrite.names(memory.fields, count)
    indexes = (this, (this + 1) % count)
    let ids = memory.fields.filter { $0.part == "struct lttng_ust_ring_buffer_backend_subbuffer" }
    let pages = [indexes.this, indexes.next].map { [memory] index in
      // The low half of the id is the number of the pages (SB_ID_INDEX_MASK of backend_types.h).
      let id = memory.start.loadUnaligned(fromByteOffset: ids[index].offset, as: UInt32.self)
      let first = memory.data.lowerBound + Int(id) * size
      return first..<first + size
    }
    data = (pages[0], pages[1])
  }

  private static func names(_ fields: [StreamMemory.Field], _ subbufferCount: Int) -> [Int: (String, Int)] {
    var names: [Int: (String, Int)] = [:]
    let groups = Dictionary(grouping: fields) { "\($0.part) \($0.name)" }
    for group in groups.values {
      // The packet count has two elements for each sub-buffer since 2.15.
      let each = max(1, group.count / subbufferCount)
      for (number, field) in group.enumerated() {
        let name = SteppedWrite.name(of: field)
        for byte in field.offset..<field.offset + field.size { names[byte] = (name, number / each) }
      }
    }
    return names
  }

  private static func name(of field: StreamMemory.Field) -> String {
    switch field.part {
    case "struct commit_counters_hot": "commit_hot[].\(field.name)"
    case "struct commit_counters_cold": "commit_cold[].\(field.name)"
    case "struct lttng_ust_ring_buffer_backend_subbuffer": "buf_wsb[].id"
    case "struct lttng_ust_ring_buffer_backend_counts": "buf_cnt[].seq_cnt"
    default: field.name
    }
  }

  /// Has the producer write one event and calls `body` at each stop. What `body` changes in the memory is undone before the
  /// write goes on.
  /// - Parameter body: returns `false` if the producer is not to be stopped any more; then nothing is undone.
  /// - Throws: what `body` throws, and ``SourceError`` if the process cannot be traced.
  func write(
    sequence: UInt64, payload: UInt32, at body: (WriteStop) throws(SourceError) -> Bool
  ) throws(SourceError) {
    let before = producer.progress
    try trace()
    defer { cperf_untrace(producer.pid) }
    try producer.startStep(sequence: sequence, payload: payload)
    try awaitMark()
    var stop = WriteStop()
    var steps = cperf_steps(pid: producer.pid, is_prepared: 0, vdso: (0, 0))
    for _ in 0..<SteppedWrite.mostInstructions {
      try check(cperf_step(&steps), "PTRACE_SINGLESTEP")
      let progress = producer.progress
      if progress.produced == before.produced { continue }
      if progress.unfinished == 0 { return }
      guard let field = changedField(), field != stop.field else { continue }
      stop.pass(field)
      guard try body(stop) else { return }
      restore()
    }
    throw SourceError(call: "PTRACE_SINGLESTEP", detail: "the write has no end")
  }

  /// The sum of the counters of lost events in the memory of the ring buffer.
  var lostEvents: UInt64 {
    memory.fields.filter { $0.name.hasPrefix("records_lost_") }.reduce(0) { sum, field in
      sum &+ memory.start.loadUnaligned(fromByteOffset: field.offset, as: UInt64.self)
    }
  }

  /// Restores the memory as the write has left it so far, and empties the pipe that wakes the reader.
  private func restore() {
    let start = UnsafeMutableRawPointer(mutating: memory.start)
    image.withUnsafeBytes { if let base = $0.baseAddress { start.copyMemory(from: base, byteCount: $0.count) } }
    var bytes = [UInt8](repeating: 0, count: 4096)
    while (try? stream.waitByteCount()) ?? 0 > 0, read(stream.waitDescriptor, &bytes, bytes.count) > 0 {}
  }

  /// Returns the name of a field that has changed since the last call; `nil` if none has.
  private func changedField() -> String? {
    let length = image.count
    let offset: Int? = image.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress, memcmp(base, memory.start, length) != 0 else { return nil }
      let offset = (0..<length).first { bytes[$0] != memory.start.load(fromByteOffset: $0, as: UInt8.self) }
      base.copyMemory(from: memory.start, byteCount: length)
      return offset
    }
    return offset.map(name)
  }

  private func name(_ offset: Int) -> String {
    if let (name, element) = names[offset] {
      guard name.contains("[]") || name == "ts_end" else { return name }
      let index = element == indexes.this ? "this" : element == indexes.next ? "next" : "\(element)"
      return name.contains("[]") ? name.replacing("[]", with: "[\(index)]") : "\(name)[\(index)]"
    }
    for (label, range) in [("this", data.this), ("next", data.next)] where range.contains(offset) {
      return offset - range.lowerBound < PacketHeader.byteCount ? "packet_header[\(label)]" : "event"
    }
    return memory.data.contains(offset) ? "data" : "byte \(offset)"
  }

  private func trace() throws(SourceError) {
    let result = cperf_trace(producer.pid)
    if result == 0 { return }
    throw SourceError(
      .unavailable, call: "ptrace PTRACE_SEIZE", errno: Errno(rawValue: -result),
      remedy: "allow ptrace of child processes: kernel.yama.ptrace_scope 0 or 1, and no seccomp filter against it")
  }

  private func awaitMark() throws(SourceError) {
    var call = cperf_call()
    repeat {
      try check(cperf_trace_next(producer.pid, &call), "PTRACE_SYSCALL")
    } while cperf_mark_of(&call) != CWORKLOAD_STEP
  }

  private func check(_ result: Int32, _ request: String) throws(SourceError) {
    if result > 0 { return }
    throw SourceError(
      call: "ptrace \(request)", errno: result == 0 ? nil : Errno(rawValue: -result),
      detail: result == 0 ? "the producer has ended" : "")
  }
}
