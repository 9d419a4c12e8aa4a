import Foundation
import SubbufferSource

/// Writes an archive that the kernel unpacks as its first file system: cpio, "new ASCII" form.
///
///     offset  size  field
///          0     6  "070701"
///          6  13*8  ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize,
///                   check: hexadecimal digits
///        110        name with its NUL, padded to 4 bytes; then the data, padded to 4 bytes
///
/// Source: Documentation/driver-api/early-userspace/buffer-format.rst; cpio(5).
struct CPIOArchive {
  private let file: FileHandle
  private let path: String
  private var inode = 1

  /// Begins an archive.
  init(path: String) throws(SourceError) {
    self.path = path
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else { throw SourceError(call: "create \(path)", detail: "the file cannot be created", remedy: "free some space") }
    self.file = file
  }

  /// Adds a directory.
  mutating func addDirectory(_ name: String) throws(SourceError) { try add(name, mode: 0o040755, Data()) }

  /// Adds a file.
  mutating func addFile(_ name: String, _ data: Data, mode: UInt32 = 0o755) throws(SourceError) {
    try add(name, mode: 0o100000 | mode, data)
  }

  /// Adds a symbolic link.
  mutating func addLink(_ name: String, to target: String) throws(SourceError) {
    try add(name, mode: 0o120777, Data(target.utf8))
  }

  /// Ends the archive.
  mutating func end() throws(SourceError) {
    inode = 0
    try add("TRAILER!!!", mode: 0, Data())
    try HostFiles.told("close \(path)") { try file.close() }
  }

  private mutating func add(_ name: String, mode: UInt32, _ data: Data) throws(SourceError) {
    let fields = [inode, Int(mode), 0, 0, 1, 0, data.count, 0, 0, 0, 0, name.utf8.count + 1, 0]
    var entry = Data("070701".utf8)
    for field in fields {
      let digits = String(field, radix: 16)
      entry += Data((String(repeating: "0", count: max(0, 8 - digits.count)) + digits).utf8)
    }
    entry += Data(name.utf8) + Data([0])
    pad(&entry)
    entry += data
    pad(&entry)
    inode += 1
    try HostFiles.told("write \(path)") { try file.write(contentsOf: entry) }
  }

  /// Everything begins at a multiple of 4 bytes, and so does what follows an entry.
  private func pad(_ entry: inout Data) {
    entry += Data(count: (4 - entry.count % 4) % 4)
  }
}
