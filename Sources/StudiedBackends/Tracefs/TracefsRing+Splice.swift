import CPlatform
import Glibc
import Platform
import Study
import SubbufferSource
import SystemPackage
import TracefsBackend

extension TracefsRing {
  /// Splices sub-buffers from `trace_pipe_raw` to a pipe, and reads their events.
  /// - Returns: the bytes that splice told of, or a negative errno, and the sequence numbers, in order.
  /// - Throws: ``SourceError`` where another call fails or the bytes are not those of sub-buffers.
  func splice(subbuffers count: Int) throws(SourceError) -> (result: Int, sequences: [UInt64]) {
    let file = try RingBufferFile(self, O_RDONLY | O_NONBLOCK)
    let pipe = try Pipe()
    let size = configuration.subbufferSize
    let spliced = cprocess_splice(file.descriptor, pipe.writeEnd, count * size)
    guard spliced >= 0 else { return (-Int(errno), []) }
    var bytes = [UInt8](repeating: 0, count: spliced)
    var filled = 0
    while filled < spliced {
      let read = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(pipe.readEnd, buffer.baseAddress?.advanced(by: filled), spliced - filled)
      }
      guard read > 0 else { throw SourceError(call: "read the pipe", errno: Errno(rawValue: errno)) }
      filled += read
    }
    var found: [UInt64] = []
    for start in stride(from: 0, through: spliced - size, by: size) {
      found += try sequences(inSubbuffer: Array(bytes[start..<start + size]))
    }
    return (spliced, found)
  }

  /// Reads from `trace_pipe`, the events as text, and drops what it read.
  /// - Returns: the number of bytes, or a negative errno, for an observation.
  func readTracePipe(_ count: Int) throws(SourceError) -> String {
    let path = "\(instance.path)/per_cpu/cpu\(cpu)/trace_pipe"
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw SourceError(call: "open \(path)", errno: Errno(rawValue: errno)) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    let taken = read(descriptor, &bytes, count)
    return taken < 0 ? ErrnoName.result(-errno) : String(taken)
  }

  private func sequences(inSubbuffer bytes: [UInt8]) throws(SourceError) -> [UInt64] {
    let header = try decoder.header(of: bytes.span.bytes)
    return try decoder.events(in: bytes, count: header.endOfData, unreadOffset: decoder.page.dataOffset).sequences
  }
}
