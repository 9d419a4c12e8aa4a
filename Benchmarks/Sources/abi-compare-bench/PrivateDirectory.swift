import Glibc
import Platform
import SubbufferSource
import SystemPackage

/// A private directory for recordings, which goes with the value. Its files have names that `abi-compare doctor` removes
/// after a run that was killed.
final class PrivateDirectory {
  /// The path.
  let path: String
  private var files: [String] = []

  init() throws(SourceError) {
    var template = Array(OwnedDirectory.template.utf8CString)
    guard mkdtemp(&template) != nil else {
      throw SourceError(
        call: "mkdtemp in \(OwnedDirectory.parent)", errno: Errno(rawValue: errno),
        remedy: "set TMPDIR to a directory that can be written to")
    }
    path = template.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  deinit {
    for file in files { unlink(file) }
    rmdir(path)
  }

  /// The path of a file in it that somebody is going to make.
  func file(_ name: String) -> String {
    files.append("\(path)/\(name)")
    return "\(path)/\(name)"
  }

  /// Writes a file into it.
  /// - Returns: the path of the file.
  func write(_ name: String, _ bytes: [UInt8]) throws(SourceError) -> String {
    let file = file(name)
    do {
      let descriptor = try FileDescriptor.open(
        FilePath(file), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
      try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
    } catch {
      throw SourceError(call: "write \(file)", errno: error as? Errno)
    }
    return file
  }
}
