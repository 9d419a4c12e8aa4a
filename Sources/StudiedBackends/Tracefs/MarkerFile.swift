import Glibc
import SubbufferSource
import SystemPackage
import TracefsBackend

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
