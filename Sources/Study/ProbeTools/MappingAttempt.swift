import CPlatform
import Glibc
import Platform
import Results
import SubbufferSource
import SystemPackage

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

/// A mapping of a file in one piece, for what is tried with mappings. It is unmapped with the value.
package struct WholeMapping: ~Copyable {
  package private(set) var start: UnsafeMutableRawPointer
  package private(set) var length: Int

  /// Maps a file, for reading, and for writing where that is asked for.
  /// - Throws: ``SourceError`` where `mmap` is refused.
  package init(_ descriptor: Int32, length: Int, isWritable: Bool = false) throws(SourceError) {
    let protection = isWritable ? PROT_READ | PROT_WRITE : PROT_READ
    guard let start = mmap(nil, length, protection, MAP_SHARED, descriptor, 0), start != MAP_FAILED else {
      throw SourceError(call: "mmap", errno: Errno(rawValue: errno))
    }
    self.start = start
    self.length = length
  }

  /// Maps a file, for reading, at an address after which nothing is mapped for N bytes.
  /// - Throws: ``SourceError`` where `mmap` is refused.
  package init(_ descriptor: Int32, length: Int, roomBehind: Int) throws(SourceError) {
    let reserved = mmap(nil, length + roomBehind, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let reserved, reserved != MAP_FAILED else { throw SourceError(call: "mmap", errno: Errno(rawValue: errno)) }
    guard mmap(reserved, length, PROT_READ, MAP_SHARED | MAP_FIXED, descriptor, 0) == reserved else {
      let code = errno
      munmap(reserved, length + roomBehind)
      throw SourceError(call: "mmap", errno: Errno(rawValue: code))
    }
    munmap(reserved + length, roomBehind)
    start = reserved
    self.length = length
  }

  /// Maps a file, and closes it.
  /// - Throws: ``SourceError`` where `open` or `mmap` is refused.
  package init(path: String, length: Int) throws(SourceError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SourceError(call: "open \(path)", errno: Errno(rawValue: errno)) }
    defer { close(descriptor) }
    try self.init(descriptor, length: length)
  }

  deinit {
    munmap(start, length)
  }

  /// The result of `mprotect`.
  package func protect(_ protection: Int32) -> String { Attempt.call(mprotect(start, length, protection)) }

  /// The result of `mremap` to a greater length; a mapping that grew is kept so.
  package mutating func grow(by bytes: Int, mayMove: Bool) -> String {
    guard let moved = cprocess_mremap(start, length, length + bytes, mayMove ? 1 : 0) else { return Attempt.call(-1) }
    start = moved
    length += bytes
    return Attempt.call(0)
  }

  /// The result of `madvise(MADV_DONTNEED)`.
  package func dropPages() -> String { Attempt.call(madvise(start, length, MADV_DONTNEED)) }

  /// Its flags, as `/proc/self/smaps` tells them.
  /// - Throws: ``SourceError`` where they are not found.
  package func flags() throws(SourceError) -> String {
    var line = [CChar](repeating: 0, count: 512)
    guard cprocess_vm_flags(start, &line, line.count) == 0 else {
      throw SourceError(call: "read /proc/self/smaps", detail: "no flags of the mapping")
    }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.split(whereSeparator: \.isWhitespace).dropFirst().joined(separator: " ")
  }
}

extension Mark {
  /// Mappings were tried that are to be refused.
  package static let mappingsTried = Mark("mappings-tried", "mappings were tried that are to be refused") { seen in
    seen.observations.contains { $0.name.hasPrefix(MappingAttempt.refused) }
  }
}
