import Glibc
import Study
import SubbufferSource
import SystemPackage
import TracefsABI

/// `trace_marker_raw` of an instance, opened for writing. It is closed with the value.
struct MarkerFile: ~Copyable {
  private let descriptor: Int32

  init(_ instance: TracefsInstance) throws(SourceError) {
    let path = "\(instance.path)/trace_marker_raw"
    descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SourceError(call: "open \(path)", errno: Errno(rawValue: errno)) }
  }

  deinit {
    close(descriptor)
  }

  /// Writes one marker.
  /// - Returns: the number of bytes written, or a negative errno.
  func write(_ data: UnsafeRawPointer, count: Int) -> Int {
    let written = Glibc.write(descriptor, data, count)
    return written < 0 ? -Int(errno) : written
  }

  /// Writes one marker of zeros.
  /// - Returns: the number of bytes written, or a negative errno.
  func write(zeros count: Int) -> Int {
    let data = [UInt8](repeating: 0, count: count)
    return data.withUnsafeBytes { $0.baseAddress.map { write($0, count: count) } ?? 0 }
  }
}

/// The ring buffer's `trace_pipe_raw`, opened once more, for what the one-to-one layer does not do with it.
struct RingBufferFile: ~Copyable {
  let descriptor: Int32

  /// Opens it.
  /// - Parameter flags: besides `O_CLOEXEC`. A file that is opened for reading only is refused a writable mapping
  ///   before the ring buffer is asked.
  init(_ ring: TracefsRing, _ flags: Int32 = O_RDWR) throws(SourceError) {
    let path = ring.instance.ringBufferPath(cpu: ring.cpu)
    descriptor = open(path, flags | O_CLOEXEC)
    guard descriptor >= 0 else { throw SourceError(call: "open \(path)", errno: Errno(rawValue: errno)) }
  }

  deinit {
    close(descriptor)
  }
}

extension TracefsMapping {
  /// The length of a mapping of everything: the meta page and all sub-buffers, in bytes.
  var wholeLength: Int { Int(metaPage.metaPageSize) + geometry.subbufferSize * geometry.subbufferCount }
}

extension Attempt {
  /// Writes a file of an instance.
  package static func set(_ instance: TracefsInstance, _ file: String, _ value: String) -> String {
    result { () throws(SourceError) in try instance.set(file, value) }
  }
}
