import CPlatform
import Glibc
import Platform
import SubbufferSource
import SystemPackage

/// A page of a file of known contents that this process has not touched in this mapping. It is unmapped with the value.
package struct MarkerMemory: ~Copyable {
  /// The size of a marker written from it, in bytes: more than the text that replaces data that cannot be read.
  package static let markerSize = 40
  /// The first bytes of the page.
  package static let contents = (0..<UInt8(markerSize)).map { 200 - $0 }

  /// `true` if the contents of a marker are somewhere in the bytes.
  package static func isContained(in bytes: some Collection<UInt8>) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: contents) }
  }

  private let mapping: WholeMapping
  package var start: UnsafeRawPointer { UnsafeRawPointer(mapping.start) }

  package init() throws(SourceError) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let descriptor = cprocess_memfd("abi-compare-marker")
    guard descriptor >= 0 else { throw SourceError(call: "memfd_create", errno: Errno(rawValue: errno)) }
    defer { close(descriptor) }
    let bytes = MarkerMemory.contents
    guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count, ftruncate(descriptor, off_t(page)) == 0 else {
      throw SourceError(call: "write a memory file", errno: Errno(rawValue: errno))
    }
    mapping = try WholeMapping(descriptor, length: page)
  }

  /// Changes the protection of the page.
  package func protect(_ protection: Int32) throws(SourceError) {
    guard mprotect(mapping.start, mapping.length, protection) == 0 else {
      throw SourceError(call: "mprotect", errno: Errno(rawValue: errno))
    }
  }
}

/// A reader in a process that fork(2) makes, which takes a sub-buffer and is ended by `SIGKILL` while it holds it.
public enum KilledReader {
  /// The limit on taking, in milliseconds: longer than the library waits for an event that is not committed.
  private static let timeout: Milliseconds = 10_000

  /// - Parameters:
  ///   - what: handed to `take`, as a C string.
  ///   - take: runs in the forked process: it may make system calls and no more; 0 or a negative errno.
  /// - Returns: what `take` came to.
  /// - Throws: ``SourceError`` where there is no process.
  package static func take(
    _ what: String, _ take: @convention(c) (UnsafeMutableRawPointer?) -> Int32
  ) throws(SourceError) -> String {
    var bytes = Array(what.utf8CString)
    let result = bytes.withUnsafeMutableBytes { run($0.baseAddress, take) }
    return try checked(result)
  }

  /// The same with a pointer to memory that is shared with the forked process.
  /// - Throws: ``SourceError`` where there is no process.
  public static func take(
    unsafe what: UnsafeMutableRawPointer, _ take: @convention(c) (UnsafeMutableRawPointer?) -> Int32
  ) throws(SourceError) -> String {
    try checked(run(what, take))
  }

  private static func run(
    _ what: UnsafeMutableRawPointer?, _ take: @convention(c) (UnsafeMutableRawPointer?) -> Int32
  ) -> (made: Int32, taken: Int32) {
    var taken: Int32 = 0
    let made = cprocess_kill_holding(take, what, timeout, &taken)
    return (made, taken)
  }

  private static func checked(_ result: (made: Int32, taken: Int32)) throws(SourceError) -> String {
    guard result.made == 0 else {
      throw SourceError(call: "fork a reader", errno: Errno(rawValue: errno), remedy: "raise the limit on processes")
    }
    return ErrnoName.result(result.taken)
  }
}
