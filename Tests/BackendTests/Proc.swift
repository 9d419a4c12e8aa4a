import Glibc
import SystemPackage

/// Information on this process from `/proc`; see proc(5).
enum Proc {
  /// A line of `/proc/self/maps`.
  struct Mapping {
    let start: UInt
    /// The address after the last byte.
    let end: UInt
    /// `r`, `w`, `x`, and `p` for private or `s` for shared.
    let access: Substring
    /// The file, or the kernel's name for the mapping; empty if it has no name.
    let name: Substring

    /// The length in bytes.
    var count: Int { Int(end - start) }

    /// `true` for the heap and for mappings without a name, from which malloc takes memory.
    var isPrivateMemory: Bool { name.isEmpty || name == "[heap]" }
  }

  static func mappings() throws -> [Mapping] {
    try text("/proc/self/maps").split(separator: "\n").map { line in
      let words = line.split(separator: " ", maxSplits: 5)
      let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
      guard words.count >= 5, ends.count == 2, ends[0] < ends[1] else { throw Errno.invalidArgument }
      // The name is padded to a column.
      let name = words.count > 5 ? words[5].drop { $0 == " " } : ""
      return Mapping(start: ends[0], end: ends[1], access: words[1], name: name)
    }
  }

  /// The default stack size of a thread.
  static var stackSize: Int {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return 0 }
    defer { pthread_attr_destroy(&attributes) }
    var size = 0
    return pthread_attr_getstacksize(&attributes, &size) == 0 ? size : 0
  }

  /// Returns the names in a directory.
  static func names(_ directory: String) throws -> [String] {
    guard let stream = opendir(directory) else { throw Errno(rawValue: errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Returns the target of a symbolic link; `nil` if the link has been removed.
  static func target(_ link: String) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
      guard let start = buffer.baseAddress else { return nil }
      let count = readlink(link, start, buffer.count)
      return count < 0 ? nil : String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
  }

  /// Reads a whole file: the kernel returns one page per read, and 0 as the size.
  private static func text(_ path: String) throws -> String {
    let file = try FileDescriptor.open(path, .readOnly)
    return try file.closeAfter {
      var bytes: [UInt8] = []
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = try piece.withUnsafeMutableBytes { try file.read(into: $0) }
        guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes += piece[..<count]
      }
    }
  }
}
