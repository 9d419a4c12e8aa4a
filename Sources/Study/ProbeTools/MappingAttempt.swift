import Glibc
import Platform

/// A call of `mmap` that may be refused.
package struct MappingAttempt {
  /// The words of the observation: “refused? PROT_READ, MAP_PRIVATE”.
  package let name: String
  /// The length, in bytes.
  package let length: Int
  package let protection: Int32
  package let flags: Int32
  /// The offset in the file, in bytes.
  package let offset: Int

  package init(
    name: String = "", length: Int, protection: Int32, flags: Int32 = MAP_SHARED, offset: Int = 0
  ) {
    (self.name, self.length, self.protection, self.flags, self.offset) = (name, length, protection, flags, offset)
  }

  /// The beginning of the name of an attempt that is to be refused.
  package static let refused = "refused? "

  /// A mapping of a whole ring buffer, for reading.
  package static func plain(_ length: Int) -> MappingAttempt {
    MappingAttempt(name: "PROT_READ, MAP_SHARED, all of it", length: length, protection: PROT_READ)
  }

  /// The mappings that a ring buffer of a length, in sub-buffers of a size, is to refuse.
  package static func toBeRefused(all: Int, subbuffer: Int) -> [MappingAttempt] {
    [
      MappingAttempt(
        name: "\(refused)PROT_READ|PROT_WRITE, MAP_SHARED", length: all, protection: PROT_READ | PROT_WRITE),
      MappingAttempt(name: "\(refused)PROT_READ|PROT_EXEC, MAP_SHARED", length: all, protection: PROT_READ | PROT_EXEC),
      MappingAttempt(name: "\(refused)PROT_READ, MAP_PRIVATE", length: all, protection: PROT_READ, flags: MAP_PRIVATE),
      MappingAttempt(name: "\(refused)one sub-buffer too long", length: all + subbuffer, protection: PROT_READ),
      MappingAttempt(name: "\(refused)behind the end", length: subbuffer, protection: PROT_READ, offset: all),
    ]
  }

  /// Maps a file, and unmaps it again.
  /// - Parameter accepted: gets the memory, if there is any.
  /// - Returns: 0 or a negative errno.
  package func callAsFunction(_ fd: Int32, accepted: (UnsafeRawPointer) -> Void = { _ in }) -> String {
    guard let address = mmap(nil, length, protection, flags, fd, off_t(offset)), address != MAP_FAILED else {
      return ErrnoName.result(-errno)
    }
    accepted(address)
    munmap(address, length)
    return ErrnoName.result(0)
  }
}
