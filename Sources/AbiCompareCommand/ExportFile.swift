import ArgumentParser
import Foundation
import Glibc
import Report

/// A file to which something is exported, tried before anything is measured.
final class ExportFile {
  private let path: String
  /// A device or a pipe is open from the start: a FIFO without a reader would block, and one that is closed ends its
  /// reader.
  private let stream: Int32?

  /// Opens a device or a pipe, and checks that a file can be made otherwise; `-` is standard output.
  /// - Throws: `ExitCode.cannotWrite` after a message.
  init(_ path: String) throws {
    self.path = path
    if path == "-" {
      stream = nil
      return
    }
    let target = try orCannotWrite { try AtomicFile.followed(path) }
    var status = stat()
    if stat(target, &status) != 0, errno != ENOENT { throw ExportFile.refused(path, errno) }
    switch status.st_mode & S_IFMT {
    case 0, S_IFREG:
      stream = nil
      try OutputDirectory.check(directory: AtomicFile.parent(of: target))
    case S_IFDIR: throw ExportFile.refused(path, EISDIR)
    default:
      let descriptor = open(target, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { throw ExportFile.refused(path, errno) }
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
      stream = descriptor
    }
  }

  deinit {
    if let stream { close(stream) }
  }

  /// Writes the contents.
  /// - Throws: `FileError`.
  func write(_ contents: Data) throws(FileError) {
    if path == "-" { return try StandardOutput.write(contents) }
    guard let stream else { return try AtomicFile.write(contents, to: path) }
    try StandardOutput.write(contents, to: stream, path: path)
  }

  private static func refused(_ path: String, _ code: Int32) -> ExitCode {
    let why = code == ENXIO ? "the pipe has no reader" : String(cString: strerror(code))
    complain("write to \(path): \(why); choose another file")
    return .cannotWrite
  }
}
