import CPlatform
import Glibc
import Study
import SubbufferSource
import SystemPackage
import TracefsABI

/// The kernel's ring buffer of one CPU as a source that maps nothing: each acquire copies one sub-buffer.
///
/// It is there to be compared with.
struct UnmappedSource: SubbufferSource, ~Copyable {
  /// The way in which a sub-buffer gets into this program.
  enum Way: String, CaseIterable {
    /// By one call.
    case read = "read(2)"
    /// Its page goes into a pipe, and is read from there.
    case splice = "splice(2) to a pipe, read(2) of it"

    /// The calls that take a sub-buffer.
    var calls: String { self == .read ? firstCall : "\(firstCall), read(pipe)" }
    /// The call that reports an empty ring buffer.
    var firstCall: String { self == .read ? "read(trace_pipe_raw)" : "splice(trace_pipe_raw, pipe)" }
  }

  let decoder: FtracePageDecoder
  let geometry: Geometry
  /// `splice` takes full sub-buffers only (kernel/trace/trace.c, tracing_buffers_splice_read: `ring_buffer_read_page` with
  /// `full`).
  var capabilities: Capabilities { way == .read ? .partialVisibility : [] }

  private let way: Way
  private let pipe: Pipe
  private let file: RingBufferFile
  private let buffer: UnsafeMutableRawBufferPointer

  /// Opens the `trace_pipe_raw` of a ring.
  /// - Throws: ``SourceError`` where it or the pipe cannot be opened.
  init(_ ring: TracefsRing, _ way: Way) throws(SourceError) {
    let opened = try RingBufferFile(ring, O_RDONLY | O_NONBLOCK)
    pipe = try Pipe()
    file = opened
    decoder = ring.decoder
    self.way = way
    let configuration = ring.configuration
    geometry = Geometry(
      subbufferSize: configuration.subbufferSize, subbufferCount: configuration.subbufferCount, readerSubbuffers: 0)
    buffer = .allocate(byteCount: configuration.subbufferSize, alignment: 8)
  }

  deinit { buffer.deallocate() }

  /// Copies the next sub-buffer.
  /// - Throws: ``SourceError`` where a call is refused, or gives something else than a sub-buffer.
  mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    guard try take(), let start = buffer.baseAddress else { return .nothingYet }
    let header = try decoder.header(of: buffer.bytes)
    return .subbuffer(
      UnsafeHandover(
        start: UnsafeRawPointer(start), count: min(header.endOfData, buffer.count),
        unreadOffset: decoder.page.dataOffset, loss: header.loss(in: buffer.bytes), lossChannel: .subbufferHeader,
        number: 0))
  }

  /// The corresponding C function is `poll`.
  mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    var request = pollfd(fd: file.descriptor, events: Int16(POLLIN), revents: 0)
    let result = poll(&request, 1, timeout)
    guard result >= 0 else { throw SourceError(call: "poll", errno: Errno(rawValue: errno)) }
    return result == 0 ? .timedOut : .ready
  }

  mutating func flush() throws(SourceError) -> Flush { .notNeeded }

  /// None: what was lost stands in the headers of the sub-buffers.
  mutating func lossChannels() throws(SourceError) -> [LossReading] { [] }

  /// `true` if there was a sub-buffer.
  private func take() throws(SourceError) -> Bool {
    guard way == .splice else {
      return try isTaken(Glibc.read(file.descriptor, buffer.baseAddress, buffer.count), "read trace_pipe_raw")
    }
    let spliced = cprocess_splice(file.descriptor, pipe.writeEnd, buffer.count)
    guard try isTaken(spliced, "splice trace_pipe_raw") else { return false }
    return try isTaken(Glibc.read(pipe.readEnd, buffer.baseAddress, buffer.count), "read the pipe")
  }

  private func isTaken(_ count: Int, _ call: String) throws(SourceError) -> Bool {
    if count == 0 || (count < 0 && errno == EAGAIN) { return false }
    guard count == buffer.count else {
      throw SourceError(call: call, errno: count < 0 ? Errno(rawValue: errno) : nil, detail: "\(count) bytes")
    }
    return true
  }
}
