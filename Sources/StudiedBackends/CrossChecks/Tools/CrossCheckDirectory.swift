import Glibc
import Platform
import SubbufferSource
import SystemPackage

/// A private directory for what is given to programs of others, `abi-compare-SCOPE-PID-STARTTIME-XXXXXX`. It goes with the
/// value, with the files in it.
final class CrossCheckDirectory {
  /// The path.
  let path: String

  /// Makes one.
  /// - Throws: ``SourceError`` where it cannot be made.
  init() throws(SourceError) {
    var template = Array(OwnedDirectory.template.utf8CString)
    guard mkdtemp(&template) != nil else {
      throw SourceError(
        call: "mkdtemp in \(OwnedDirectory.parent)", errno: Errno(rawValue: errno),
        remedy: "set TMPDIR to a writable directory")
    }
    path = template.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  deinit {
    if let directory = OwnedDirectory.open(AT_FDCWD, path) {
      Self.empty(directory)
      close(directory)
    }
    rmdir(path)
  }

  /// Removes the directories that owners left who do not run any more.
  /// - Returns: the paths of those that were removed.
  static func removeAbandoned() -> [String] {
    OwnedDirectory.removeAbandoned(empty)
  }

  /// Removes the files that recordings and tools make; anything else stays, and the directory with it.
  private static func empty(_ directory: Int32) {
    for name in names(in: directory) where isOurs(name) { unlinkat(directory, name, 0) }
  }

  private static func isOurs(_ name: String) -> Bool {
    name == "metadata" || ["stream-", "trace.dat", "pages.cpu"].contains { name.hasPrefix($0) }
  }

  private static func names(in directory: Int32) -> [String] {
    // The stream closes what it is given.
    guard let stream = fdopendir(fcntl(directory, F_DUPFD_CLOEXEC, 0)) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names
  }
}
