import Foundation
import Platform
import SystemPackage

/// Writes files so that a reader sees the old contents or the new, never a part.
package enum AtomicFile {
  /// The treatment of a symbolic link at the end of a path.
  package enum Links: Sendable {
    /// The file takes the place of the link; only a regular file or a link is replaced.
    case replaced
    /// The link is followed if it belongs to this user or to root, and another's is refused: whoever may write to a
    /// directory must not choose a file that root overwrites. A device or a pipe is written to.
    case followed
  }

  /// Replaces the contents of the file at `path`, or creates it with mode 0666 less the umask.
  ///
  /// The bytes go to a temporary file in the same directory, which is synchronised and renamed; then the directory is
  /// synchronised. The new file has the mode of the old one. A device or a pipe cannot be replaced by a rename and is
  /// written to. SIGINT, SIGTERM and SIGHUP are blocked until a temporary file is renamed or removed.
  /// - Throws: ``FileError`` with the call that failed. The temporary file is removed then, and the old contents stay;
  ///   only when the synchronisation of the directory fails are the new contents there already.
  package static func write(_ contents: Data, to path: String, links: Links = .followed) throws(FileError) {
    let target = try links == .followed ? followed(path) : path
    var mode: mode_t?
    if let status = FileStatus(target, followsLink: links == .followed) {
      switch status.type {
      case S_IFREG: mode = status.mode & 0o777
      case S_IFDIR: throw FileError(call: "open", path: path, errno: .isDirectory)
      case S_IFLNK: break
      case _ where links == .followed: return try writeThrough(contents, to: target)
      default:
        throw FileError(call: "open", path: path, errno: .fileExists, remedy: "remove it: it is not a regular file")
      }
    }
    try withoutEndingSignals { () throws(FileError) in try replace(target, with: contents, mode: mode) }
  }

  /// Writes files into a directory that exists, in their order; files and links of the same names are replaced.
  /// - Returns: the names of the files.
  /// - Throws: ``FileError``; the files before the failing one are there then.
  static func write(
    _ files: [(name: String, contents: Data)], to directory: String
  ) throws(FileError) -> [String] {
    for (name, contents) in files {
      let path = directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
      try write(contents, to: path, links: .replaced)
    }
    return files.map(\.name)
  }

  private static func replace(_ target: String, with contents: Data, mode: mode_t?) throws(FileError) {
    let directory = parent(of: target)
    let temporary = try createTemporary(in: directory, mode: mode)
    do throws(FileError) {
      try fill(temporary, with: contents)
      guard rename(temporary.path, target) == 0 else { throw failure("rename", target) }
    } catch {
      unlink(temporary.path)
      throw error
    }
    try synchronise(directory: directory)
  }

  /// Removes the temporary files of killed processes from a directory.
  /// - Returns: their paths.
  @discardableResult
  package static func removeAbandoned(in directory: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.filter { name in
      guard name.hasPrefix("."), let owner = RunOwner(inName: String(name.dropFirst())) else { return false }
      return owner.state == .dead
    }.map { "\(directory)/\($0)" }.filter { unlink($0) == 0 }
  }

  /// A name for a temporary file of this process, which ``removeAbandoned(in:)`` recognises.
  ///
  /// Its length does not depend on the target, so that a target of the greatest length can be written.
  package static var temporaryName: String {
    ".\(RunOwner.current.name(String(UInt64.random(in: .min ... .max), radix: 36))).tmp"
  }

  /// Blocks SIGINT, SIGTERM and SIGHUP while `body` has a temporary file.
  package static func withoutEndingSignals<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) {
    var ending = sigset_t()
    var before = sigset_t()
    sigemptyset(&ending)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&ending, signal) }
    pthread_sigmask(SIG_BLOCK, &ending, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
  }

  private struct Temporary {
    var descriptor: Int32
    var path: String
  }

  private static func createTemporary(in directory: String, mode: mode_t?) throws(FileError) -> Temporary {
    var attempts = 16
    while true {
      let path = "\(directory)/\(temporaryName)"
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode ?? 0o666)
      if descriptor >= 0 {
        // The umask took bits away.
        if let mode { fchmod(descriptor, mode) }
        return Temporary(descriptor: descriptor, path: path)
      }
      attempts -= 1
      guard errno == EINTR || errno == EEXIST, attempts > 0 else { throw failure("open", path) }
    }
  }

  private static func fill(_ file: Temporary, with contents: Data) throws(FileError) {
    do throws(FileError) {
      try writeAll(contents, to: file.descriptor, path: file.path)
      try retry("fsync", file.path) { fsync(file.descriptor) }
    } catch {
      close(file.descriptor)
      throw error
    }
    // Some file systems report a write that failed only here. On Linux the descriptor is gone even after EINTR.
    guard close(file.descriptor) == 0 || errno == EINTR else { throw failure("close", file.path) }
  }

  private static func writeThrough(_ contents: Data, to path: String) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path) }
    defer { close(descriptor) }
    try writeAll(contents, to: descriptor, path: path)
  }

  private static func writeAll(_ contents: Data, to descriptor: Int32, path: String) throws(FileError) {
    do {
      try FileDescriptor(rawValue: descriptor).writeAll(contents)
    } catch {
      throw FileError(call: "write", path: path, errno: error as? Errno ?? .ioError)
    }
  }

  private static func synchronise(directory: String) throws(FileError) {
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      // A directory that may be written and not read cannot be opened to be synchronised.
      if errno == EACCES { return }
      throw failure("open", directory)
    }
    defer { close(descriptor) }
    do throws(FileError) {
      try retry("fsync", directory) { fsync(descriptor) }
    } catch  where error.errno == .invalidArgument {
      // Some file systems have no synchronisation of directories.
    }
  }

  private static func retry(_ call: String, _ path: String, _ body: () -> Int32) throws(FileError) {
    while body() != 0 {
      guard errno == EINTR else { throw failure(call, path) }
    }
  }

  private static func failure(_ call: String, _ path: String) -> FileError {
    FileError(call: call, path: path, errno: Errno(rawValue: errno))
  }

  /// Follows the links at the end of a path.
  /// - Returns: a path that is missing or not a link.
  /// - Throws: ``FileError`` at a link of another user, or more links than the kernel follows.
  package static func followed(_ path: String) throws(FileError) -> String {
    var path = path
    // MAXSYMLINKS of the kernel.
    for _ in 0...40 {
      guard let link = FileStatus(path, followsLink: false), link.type == S_IFLNK else { return path }
      guard link.user == geteuid() || link.user == 0 else {
        throw FileError(
          call: "follow", path: path, errno: .permissionDenied,
          remedy: "it is a symbolic link of user \(link.user); name its target")
      }
      // A link of /proc/PID/fd to something without a name, as a pipe, cannot be followed by its text.
      if let target = FileStatus(path, followsLink: true), target.type != S_IFREG, target.type != S_IFDIR {
        return path
      }
      var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
      let count = buffer.withUnsafeMutableBytes { buffer -> Int in
        guard let start = buffer.baseAddress else { return 0 }
        return readlink(path, start.assumingMemoryBound(to: CChar.self), buffer.count)
      }
      guard count > 0 else { throw failure("readlink", path) }
      let text = String(decoding: buffer[..<count], as: UTF8.self)
      path = text.hasPrefix("/") ? text : "\(parent(of: path))/\(text)"
    }
    throw FileError(call: "follow", path: path, errno: .tooManySymbolicLinkLevels)
  }

  /// The directory that a path names something in: `a` for `a/b`, `.` for `b`, `/` for `/b`.
  ///
  /// Foundation's `deletingLastPathComponent` traps on paths of one character (Swift 6.3.1 on Linux).
  package static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

/// The type, the mode and the owner of a file.
private struct FileStatus {
  /// `S_IFREG` and the like.
  let type: mode_t
  let mode: mode_t
  let user: uid_t

  /// `nil` if there is nothing at the path, or it cannot be reached.
  init?(_ path: String, followsLink: Bool) {
    var status = stat()
    guard fstatat(AT_FDCWD, path, &status, followsLink ? 0 : AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    type = status.st_mode & S_IFMT
    mode = status.st_mode
    user = status.st_uid
  }
}

/// A failed system call on a file, with its remedy.
package struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The system call that failed: `rename`.
  package var call: String
  package var path: String
  package var errno: Errno
  /// The remedy; empty if the errno suggests none.
  package var remedy: String

  /// Describes a failure; an empty remedy follows from the errno.
  package init(call: String, path: String, errno: Errno, remedy: String = "") {
    self.call = call
    self.path = path
    self.errno = errno
    self.remedy = remedy.isEmpty ? FileError.remedy(for: errno, path: path) : remedy
  }

  /// The call, the path, the error and the remedy in one line.
  package var description: String {
    let text = "\(call) \(path): \(errno) (errno \(errno.rawValue))"
    return remedy.isEmpty ? text : "\(text); \(remedy)"
  }

  private static func remedy(for errno: Errno, path: String) -> String {
    switch errno {
    case .noSpace, .diskQuotaExceeded: "free space on that file system, or choose a directory on another one"
    case .permissionDenied, .notPermitted: "choose a place where this user may write, or change its permissions"
    case .readOnlyFileSystem: "choose a directory on a file system that is mounted for writing"
    case .notDirectory: "a part of the path is a file; choose a path through directories"
    case .isDirectory: "this is a directory; name a file in it"
    case .noSuchFileOrDirectory: "check the path, and create the directory if it is missing"
    case .fileNameTooLong: "choose a shorter name"
    case .tooManySymbolicLinkLevels: "the symbolic links lead in a circle; choose another path"
    case .fileTooLarge: "raise the limit on the size of files: ulimit -f"
    case .ioError: "the device failed; see the kernel log, and choose another file system"
    default: ""
    }
  }
}
