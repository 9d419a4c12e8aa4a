import Foundation
import Results
import Study
import SubbufferSource

/// A `bzImage`: the kernel's file as Debian packages it.
///
///     offset  size  field
///     0x1F1      1  setup_sects: the sectors of 512 bytes after the first; 0 stands for 4
///     0x202      4  header: "HdrS"
///     0x206      2  version of the protocol; the payload is told from 0x0208 on
///     0x20E      2  kernel_version: where the release stands as a C string, less 0x200
///     0x248      4  payload_offset, from the end of the setup sectors
///     0x24C      4  payload_length: the compressed kernel and its size, 4 bytes
///
/// Source: Documentation/arch/x86/boot.rst.
struct KernelImage {
  private let bytes: Data

  /// Takes a file for one.
  /// - Throws: ``SourceError`` of kind `unknownFormat` where it is none.
  init(_ bytes: Data, path: String) throws(SourceError) {
    self.bytes = bytes
    guard bytes.count > 0x250, bytes[0x202..<0x206].elementsEqual("HdrS".utf8), word16(0x206) >= 0x0208 else {
      throw SourceError(
        .unknownFormat, call: "read \(path)", detail: "the file is not a bzImage of an x86 kernel",
        remedy: "name the vmlinuz of a kernel, or its version")
    }
  }

  /// The release: the first word of what the kernel reports itself; `nil` where it reports nothing.
  var release: String? {
    let start = Int(word16(0x20E)) + 0x200
    guard start > 0x200, start < bytes.count else { return nil }
    let text = String(decoding: bytes[start...].prefix { $0 != 0 }.prefix(128), as: UTF8.self)
    return text.split(separator: " ").first.map(String.init)
  }

  /// The compressed kernel, without the size after it; `nil` where the header reports none.
  var payload: Data? {
    let sectors = bytes[0x1F1] == 0 ? 4 : Int(bytes[0x1F1])
    let start = (sectors + 1) * 512 + Int(word32(0x248))
    let length = Int(word32(0x24C))
    guard length > 4, start <= bytes.count, length <= bytes.count - start else { return nil }
    return bytes[start..<(start + length - 4)]
  }

  private func word16(_ offset: Int) -> UInt16 { UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8 }

  private func word32(_ offset: Int) -> UInt32 { UInt32(word16(offset)) | UInt32(word16(offset + 2)) << 16 }
}

/// The release of a kernel as uname(2) returns it: `6.12.95+deb12-cloud-amd64`.
package struct KernelRelease: Comparable, Hashable, Sendable {
  /// The text: `6.12.95+deb12-cloud-amd64`.
  package let text: String

  /// Takes a text for one.
  package init(_ text: String) { self.text = text }

  /// The text that the packages of all flavours of this version have in their names: `6.12.95+deb12`.
  var base: String { text.hasSuffix(Self.flavour) ? String(text.dropLast(Self.flavour.count)) : text }

  /// The flavour that is taken: a small kernel for virtual machines.
  static let flavour = "-cloud-amd64"

  /// The first kernel with a mapped ring buffer and a Debian package of the cloud flavour that is taken by itself.
  package static let oldest = KernelRelease("6.12")

  /// The minor release: `6.12`.
  package var series: String { version.numbers.prefix(2).map(String.init).joined(separator: ".") }

  private var version: VersionNumber { VersionNumber(text) }

  /// `true` if a user who asks for `wanted` means this: the same text, or the beginning of it up to a separator.
  package func matches(_ wanted: String) -> Bool {
    guard text.hasPrefix(wanted) else { return false }
    guard let next = text.dropFirst(wanted.count).first else { return true }
    return !next.isNumber
  }

  /// Compares the numbers; equal ones by the text.
  package static func < (left: KernelRelease, right: KernelRelease) -> Bool { left.version < right.version }
}

extension Sequence<KernelRelease> {
  /// The newest release of each minor release, in ascending order.
  package var newestOfEachSeries: [KernelRelease] {
    Dictionary(grouping: self, by: \.series).values.compactMap { $0.max() }.sorted()
  }
}
