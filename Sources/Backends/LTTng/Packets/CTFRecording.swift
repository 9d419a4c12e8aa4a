import SubbufferSource
import SystemPackage

/// Packets in a directory, as readers of CTF 1.8 take them: a text `metadata`, and one file for each stream instance
/// with its packets one after the other, each padded with zeros to its `packet_size`.
///
///     metadata             TSDL text
///     stream-ID-INSTANCE   | packet | 0 … 0 | packet | 0 … 0 | …
///                          0                packet_size
///
/// The files are closed with the value, and stay. One file has packets in the order in which they were appended; their
/// readers find losses by comparing each with the one before it.
public struct CTFRecording: ~Copyable {
  /// The directory.
  public let directory: String
  /// The description in the trace's metadata.
  public let trace: TraceDescription

  private var streams: [UInt64: StreamFile] = [:]

  /// Begins a recording in a directory that exists and has none.
  /// - Throws: ``SubbufferSource/SourceError`` with the errno where `metadata` cannot be made; `EEXIST` where it is
  ///   there.
  public init(in directory: String, _ trace: TraceDescription) throws(SourceError) {
    self.directory = directory
    self.trace = trace
    let metadata = try StreamFile(creating: "\(directory)/metadata")
    defer { metadata.close() }
    let text = Array(trace.metadata.utf8)
    try metadata.write(text.span.bytes)
  }

  deinit {
    for file in streams.values { file.close() }
  }

  /// Appends a packet: its content, from its header to the end of its last event, and zeros up to its `packet_size`.
  ///
  /// Where it cannot be written, what was written of it is cut off again.
  /// - Parameter packet: the content; more bytes than that are not looked at.
  /// - Returns: its header.
  /// - Throws: ``SubbufferSource/SourceError`` of kind `malformed` where it is no closed packet, `usage` where it is of
  ///   another trace or channel, and with the errno where a file cannot be made or written.
  @discardableResult
  public mutating func append(_ packet: RawSpan) throws(SourceError) -> PacketHeader {
    let header: PacketHeader
    do {
      header = try PacketHeader(in: packet)
    } catch {
      throw SourceError(error)
    }
    guard header.uuid == trace.uuid, header.streamID == trace.streamID else {
      throw SourceError(
        .usage, call: "record a packet", detail: "the packet is of trace \(header.uuid), stream \(header.streamID)",
        remedy: "create one recording per channel")
    }
    var file = try stream(header.streamInstanceID)
    try file.append(packet.extracting(0..<header.contentByteCount), paddedTo: header.packetSize / 8)
    streams[header.streamInstanceID] = file
    return header
  }

  /// Appends the packet of a sub-buffer that is held; its bytes are copied, nothing of it is kept.
  /// - Returns: its header.
  /// - Throws: what ``append(_:)-(RawSpan)`` throws.
  @discardableResult
  public mutating func append(_ subbuffer: borrowing Subbuffer) throws(SourceError) -> PacketHeader {
    try append(subbuffer.bytes)
  }

  private mutating func stream(_ instance: UInt64) throws(SourceError) -> StreamFile {
    if let file = streams[instance] { return file }
    let file = try StreamFile(creating: "\(directory)/stream-\(trace.streamID)-\(instance)")
    streams[instance] = file
    return file
  }
}

/// A file that a recording writes, from its beginning.
struct StreamFile {
  private let path: String
  private let descriptor: FileDescriptor
  /// N bytes of it are whole packets.
  private var length: Int64 = 0

  /// Makes a file that must not be there, for this user.
  init(creating path: String) throws(SourceError) {
    self.path = path
    do {
      descriptor = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: [.ownerReadWrite])
    } catch {
      throw StreamFile.failed("open", path, error)
    }
  }

  /// Writes all of the bytes.
  func write(_ bytes: RawSpan) throws(SourceError) {
    do {
      _ = try bytes.withUnsafeBytes { try descriptor.writeAll($0) }
    } catch {
      throw StreamFile.failed("write", path, error)
    }
  }

  /// Appends bytes, and zeros up to a length in bytes.
  mutating func append(_ bytes: RawSpan, paddedTo count: UInt64) throws(SourceError) {
    guard let count = Int64(exactly: count), !length.addingReportingOverflow(count).overflow else {
      throw SourceError(.usage, call: "write \(path)", detail: "a packet of \(count) bytes")
    }
    do throws(SourceError) {
      try write(bytes)
      // The bytes added to a file read as zeros.
      try resize(to: length + count)
    } catch {
      // The failure is the news, also where the rest of the packet stays.
      _ = try? resize(to: length)
      throw error
    }
    length += count
  }

  /// Closes it; what it holds was written before.
  func close() {
    try? descriptor.close()
  }

  private func resize(to length: Int64) throws(SourceError) {
    do {
      try descriptor.resize(to: length)
      _ = try descriptor.seek(offset: length, from: .start)
    } catch {
      throw StreamFile.failed("ftruncate", path, error)
    }
  }

  private static func failed(_ call: String, _ path: String, _ error: any Error) -> SourceError {
    SourceError(
      call: "\(call) \(path)", errno: error as? Errno,
      remedy: "record into an empty writable directory with enough space")
  }
}
