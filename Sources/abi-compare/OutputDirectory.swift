import ArgumentParser
import Foundation
import Glibc

/// The directory that a report is written to, made and tried before anything is measured.
struct OutputDirectory {
  let path: String

  /// Makes the directory where there is none, and checks that a file can be made in it.
  /// - Throws: `ExitCode.cannotWrite` after a message.
  init(preparing path: String) throws {
    self.path = path
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += made.isEmpty || made == "/" ? part : "/\(part)"
      guard mkdir(made, 0o777) != 0, errno != EEXIST, errno != EISDIR else { continue }
      complain("mkdir \(made): \(String(cString: strerror(errno))); choose another directory with --out")
      throw ExitCode.cannotWrite
    }
    try OutputDirectory.check(directory: path)
  }

  /// Checks that a file can be made beside `file`, where the file is to be exported to; `-` is standard output.
  /// - Throws: `ExitCode.cannotWrite` after a message.
  static func check(export file: String?) throws {
    guard let file, file != "-" else { return }
    let directory = (file as NSString).deletingLastPathComponent
    try check(directory: directory.isEmpty ? "." : directory)
  }

  private static func check(directory: String) throws {
    // A file without a name: nothing is left, whatever happens.
    let descriptor = open(directory, O_TMPFILE_ | O_WRONLY | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      close(descriptor)
      return
    }
    // File systems without O_TMPFILE say so; the write itself then tells.
    if errno == EOPNOTSUPP || errno == EISDIR { return }
    complain("create a file in \(directory): \(String(cString: strerror(errno))); choose another directory")
    throw ExitCode.cannotWrite
  }

  /// `O_TMPFILE` of asm-generic/fcntl.h with `O_DIRECTORY`, which Glibc's module does not have.
  private static var O_TMPFILE_: Int32 { 0o20000000 | O_DIRECTORY }
}
