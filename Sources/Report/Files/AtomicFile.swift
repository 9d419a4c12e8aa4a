import Foundation
import SystemPackage

/// Writes files so that a reader sees the old contents or the new, never a part.
public enum AtomicFile {
  /// Replaces the contents of the file at `path`, or creates it with mode 0666 less the umask.
  ///
  /// The bytes go to a temporary file in the same directory, which is synchronised and renamed; then the directory is
  /// synchronised. A symbolic link to a file that exists is followed; a new file takes the place of a link to none, and
  /// of a file with another mode. A device or a pipe cannot be replaced by a rename and is written to.
  /// - Throws: ``FileError`` with the call that failed. The temporary file is removed then, and the old contents stay;
  ///   only when the synchronisation of the directory fails are the new contents there already.
  public static func write(_ contents: Data, to path: String) throws(FileError) {
    let target = resolved(path)
    var status = stat()
    if stat(target, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFREG: break
      case S_IFDIR: throw FileError(call: "open", path: path, errno: .isDirectory)
      default: return try writeThrough(contents, to: target)
      }
    }
    let directory = parent(of: target)
    let temporary = try createTemporary(in: directory)
    do throws(FileError) {
      try fill(temporary, with: contents)
      guard rename(temporary.path, target) == 0 else { throw failure("rename", target) }
    } catch {
      unlink(temporary.path)
      throw error
    }
    try synchronise(directory: directory)
  }

  private struct Temporary {
    var descriptor: Int32
    var path: String
  }

  /// The name does not grow with the target's, so that a target of the greatest length can be written.
  private static func createTemporary(in directory: String) throws(FileError) -> Temporary {
    var attempts = 16
    while true {
      let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
      let path = directory + "/.abi-compare-\(suffix).tmp"
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return Temporary(descriptor: descriptor, path: path) }
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
    // Some file systems tell of a write that failed only here. On Linux the descriptor is gone even after EINTR.
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

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// The directory that a path names something in: `a` for `a/b`, `.` for `b`, `/` for `/b`.
  ///
  /// Not by Foundation, whose `deletingLastPathComponent` traps on paths of one character (Swift 6.3.1 on Linux).
  public static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
