import Foundation
import Testing
@testable import VirtualMachine

@Suite struct CPIOArchiveTests {
  /// Parses the archive by the kernel's description of the format, which busybox and cpio(1) follow.
  @Test func `An archive has the bytes of the format`() throws {
    let directory = try TestDirectory()
    var archive = try CPIOArchive(path: directory.file("archive"))
    try archive.addDirectory("bin")
    try archive.addFile("bin/a", Data("xyz12".utf8), mode: 0o755)
    try archive.addLink("bin/b", to: "a")
    try archive.end()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: directory.file("archive")))
    let entries = try NewcEntry.all(in: bytes)
    #expect(entries.map(\.name) == ["bin", "bin/a", "bin/b", "TRAILER!!!"])
    #expect(entries.map(\.mode) == [0o040755, 0o100755, 0o120777, 0])
    #expect(entries.map { String(decoding: $0.data, as: UTF8.self) } == ["", "xyz12", "a", ""])
    #expect(bytes.count % 4 == 0)
  }
}

/// An entry in the format of the kernel's Documentation/driver-api/early-userspace/buffer-format.rst.
struct NewcEntry {
  var name: String
  var mode: Int
  var data: Data

  static func all(in bytes: Data) throws -> [NewcEntry] {
    var entries: [NewcEntry] = []
    var offset = 0
    while offset < bytes.count {
      func field(_ index: Int) throws -> Int {
        let start = offset + 6 + 8 * index
        return try #require(Int(String(decoding: bytes[start..<start + 8], as: UTF8.self), radix: 16))
      }
      #expect(String(decoding: bytes[offset..<offset + 6], as: UTF8.self) == "070701")
      let nameEnd = try offset + 110 + field(11)
      let name = String(decoding: bytes[(offset + 110)..<(nameEnd - 1)], as: UTF8.self)
      let start = (nameEnd + 3) / 4 * 4
      let end = try start + field(6)
      entries.append(NewcEntry(name: name, mode: try field(1), data: bytes[start..<end]))
      offset = (end + 3) / 4 * 4
    }
    return entries
  }
}
