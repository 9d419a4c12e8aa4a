import ArgumentParser
import Foundation
import Glibc
import Report

/// The directory of a report, made, tried and locked before anything is measured. The lock ends with the process.
struct OutputDirectory {
  let path: String

  /// The room that a run needs in its directory, in bytes: results and report of a study of all back ends, twice.
  static let roomOfRun = 16 << 20

  /// Checks that a directory is named: an empty name is what an unset variable of the shell leaves.
  /// - Throws: `ValidationError`.
  static func validate(_ path: String) throws {
    if path.isEmpty { throw ValidationError("--out: the name is empty; . is the current directory") }
  }

  /// Makes the directory if it is missing, and checks that files can be made in it; removes the temporary files of
  /// killed runs.
  /// - Parameter room: bytes that must be free.
  /// - Throws: `ExitCode.cannotWrite` after a message.
  init(preparing path: String, room: Int = 0) throws {
    self.path = path.count > 1 ? String(path.reversed().drop { $0 == "/" }.reversed()) : path
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += made.isEmpty || made == "/" ? part : "/\(part)"
      guard mkdir(made, 0o777) != 0, errno != EEXIST, errno != EISDIR else { continue }
      complain("mkdir \(made): \(String(cString: strerror(errno))); choose another directory with --out")
      throw ExitCode.cannotWrite
    }
    try OutputDirectory.lock(self.path)
    for file in AtomicFile.removeAbandoned(in: self.path) {
      complain("removed \(file), left by a run that was killed")
    }
    try OutputDirectory.check(directory: self.path, room: room)
  }

  /// Takes the lock of a directory; the descriptor stays open until the process ends.
  private static func lock(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // A directory that is writable but not readable is not locked; the check reports a path that is not a directory.
    guard descriptor >= 0 else { return }
    guard flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
    close(descriptor)
    complain("another abi-compare writes to \(path); wait until it finishes, or choose another directory with --out")
    throw ExitCode.cannotWrite
  }

  /// Makes a file and removes it: some file systems allow all that can be asked and refuse the file.
  static func check(directory: String, room: Int = 0) throws {
    try AtomicFile.withoutEndingSignals { try tryFile(in: directory, room: room) }
  }

  private static func tryFile(in directory: String, room: Int) throws {
    let path = "\(directory)/\(AtomicFile.temporaryName)"
    // A limit on the size of files is an error of the call.
    signal(SIGXFSZ, SIG_IGN)
    let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      complain("create a file in \(directory): \(String(cString: strerror(errno))); choose another directory")
      throw ExitCode.cannotWrite
    }
    defer {
      close(descriptor)
      unlink(path)
    }
    let code = room > 0 ? posix_fallocate(descriptor, 0, off_t(room)) : 0
    // Other errors are those of file systems that reserve nothing.
    guard code == ENOSPC || code == EDQUOT || code == EFBIG else { return }
    complain(
      "reserve \(room >> 20) MiB in \(directory): \(String(cString: strerror(code))); "
        + "free some space, raise ulimit -f, or choose another directory")
    throw ExitCode.cannotWrite
  }
}
