import SubbufferSource
import SystemPackage

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
