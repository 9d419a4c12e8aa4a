import CPlatform
import Glibc
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
