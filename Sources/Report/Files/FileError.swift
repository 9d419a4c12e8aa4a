import SystemPackage

/// Why a file could not be read or written.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The system call that failed: `rename`.
  public var call: String
  /// The path that the call was made on.
  public var path: String
  /// The error of the call.
  public var errno: Errno
  /// The remedy; empty if the errno suggests none.
  public var remedy: String

  /// Describes a failure; an empty remedy follows from the errno.
  public init(call: String, path: String, errno: Errno, remedy: String = "") {
    self.call = call
    self.path = path
    self.errno = errno
    self.remedy = remedy.isEmpty ? FileError.remedy(for: errno, path: path) : remedy
  }

  /// The call, the path, the error and the remedy in one line.
  public var description: String {
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
