import Glibc
import Platform

/// A call of `mmap` that may be refused.
struct MappingAttempt {
  /// The words of the observation: “refused? PROT_READ, MAP_PRIVATE”.
  var name = ""
  /// The length, in bytes.
  let length: Int
  let protection: Int32
  var flags = MAP_SHARED
  /// The offset in the file, in bytes.
  var offset = 0

  /// The beginning of the name of an attempt that is to be refused.
  static let refused = "refused? "

  /// A mapping of a whole ring buffer, for reading.
  static func plain(_ length: Int) -> MappingAttempt {
    MappingAttempt(name: "PROT_READ, MAP_SHARED, all of it", length: length, protection: PROT_READ)
  }

  /// The mappings that a ring buffer of a length, in sub-buffers of a size, is to refuse.
  static func toBeRefused(all: Int, subbuffer: Int) -> [MappingAttempt] {
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
  func callAsFunction(_ fd: Int32, accepted: (UnsafeRawPointer) -> Void = { _ in }) -> String {
    guard let address = mmap(nil, length, protection, flags, fd, off_t(offset)), address != MAP_FAILED else {
      return ErrnoName.result(-errno)
    }
    accepted(address)
    munmap(address, length)
    return ErrnoName.result(0)
  }
}
