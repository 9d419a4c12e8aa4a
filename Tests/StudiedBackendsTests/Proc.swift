import Glibc
import SystemPackage

/// Reads what the kernel tells of this process in `/proc`, see proc(5).
enum Proc {
  /// A line of `/proc/self/maps`.
  struct Mapping {
    /// Its first address.
    let start: UInt
    /// The address behind it.
    let end: UInt
    /// `r`, `w`, `x`, and whether it is private or shared.
    let access: Substring
    /// The file, or what the kernel calls it; empty where it has no name.
    let name: Substring

    /// Its length in bytes.
    var count: Int { Int(end - start) }

    /// `true` if it is memory of this process only, as malloc gets it from the kernel: the heap, or one without a name.
    var isPrivateMemory: Bool { name.isEmpty || name == "[heap]" }
  }

  /// The mappings of this process.
  static func mappings() throws -> [Mapping] {
    try text("/proc/self/maps").split(separator: "\n").map { line in
      let words = line.split(separator: " ", maxSplits: 5)
      let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
      guard words.count >= 5, ends.count == 2, ends[0] < ends[1] else { throw Errno.invalidArgument }
      // The name stands in a column of its own.
      let name = words.count > 5 ? words[5].drop { $0 == " " } : ""
      return Mapping(start: ends[0], end: ends[1], access: words[1], name: name)
    }
  }

  /// The size of the stack of a thread of which nothing else was said.
  static var stackSize: Int {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return 0 }
    defer { pthread_attr_destroy(&attributes) }
    var size = 0
    return pthread_attr_getstacksize(&attributes, &size) == 0 ? size : 0
  }

  /// The names in a directory.
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

  /// What a symbolic link points to; `nil` where it has gone meanwhile.
  static func target(_ link: String) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
      guard let start = buffer.baseAddress else { return nil }
      let count = readlink(link, start, buffer.count)
      return count < 0 ? nil : String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
  }

  /// A file to its end: the kernel gives a page of it at a time, and the size of it as 0.
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
