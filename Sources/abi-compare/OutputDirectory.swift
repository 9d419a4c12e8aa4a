import ArgumentParser
import Foundation
import Glibc
import Report

/// The directory that a report is written to, made and tried before anything is measured.
struct OutputDirectory {
  let path: String

  /// Checks that a directory is named: an empty name is what an unset variable of the shell leaves.
  /// - Throws: `ValidationError`.
  static func validate(_ path: String) throws {
    if path.isEmpty { throw ValidationError("--out: an empty name is no directory; . is this one") }
  }

  /// Makes the directory where there is none, and checks that a file can be made in it.
  /// - Throws: `ExitCode.cannotWrite` after a message.
  init(preparing path: String) throws {
    self.path = path.count > 1 ? String(path.reversed().drop { $0 == "/" }.reversed()) : path
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += made.isEmpty || made == "/" ? part : "/\(part)"
      guard mkdir(made, 0o777) != 0, errno != EEXIST, errno != EISDIR else { continue }
      complain("mkdir \(made): \(String(cString: strerror(errno))); choose another directory with --out")
      throw ExitCode.cannotWrite
    }
    try OutputDirectory.check(directory: self.path)
  }

  /// Checks that a file can be made beside `file`, where the file is to be exported to; `-` is standard output.
  /// - Throws: `ExitCode.cannotWrite` after a message.
  static func check(export file: String?) throws {
    guard let file, file != "-" else { return }
    var status = stat()
    if stat(file, &status) == 0, status.st_mode & S_IFMT != S_IFREG, status.st_mode & S_IFMT != S_IFDIR {
      // A device or a pipe is written to as it is, and not replaced by a new file beside it.
      guard access(file, W_OK) != 0 else { return }
      complain("write to \(file): \(String(cString: strerror(errno))); choose another file")
      throw ExitCode.cannotWrite
    }
    try check(directory: AtomicFile.parent(of: file))
  }

  /// Makes a file and removes it: some file systems allow all that can be asked and refuse the file.
  private static func check(directory: String) throws {
    let path = "\(directory)/.abi-compare-\(getpid())"
    let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      complain("create a file in \(directory): \(String(cString: strerror(errno))); choose another directory")
      throw ExitCode.cannotWrite
    }
    close(descriptor)
    unlink(path)
  }
}
