import SystemPackage

/// Why a call of a reader ABI, or of what it needs to be set up, failed.
public struct SourceError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failure, for a caller that acts on them.
  public enum Kind: Sendable, Hashable {
    /// The call returned an error; see ``SourceError/errno``.
    case call
    /// The machine lacks something that the ABI needs.
    case unavailable
    /// The ABI uses a format or a version that this code does not support.
    case unknownFormat
    /// A sub-buffer that cannot be decoded.
    case malformed
    /// The caller asked for something that cannot be.
    case usage
    /// The user ended the run.
    case interrupted
    /// The machine lacks something that the ABI does not promise: room, descriptors, processes, a CPU.
    case machine
  }

  /// The kind of failure.
  public var kind: Kind
  /// The call that failed, with its subject: `mmap per_cpu/cpu0/trace_pipe_raw`.
  public var call: String
  /// The error, where the call gave one.
  public var errno: Errno?
  /// The cause, if the errno does not describe it.
  public var detail: String
  /// The remedy.
  public var remedy: String

  /// Describes a failure.
  ///
  /// A call that fails with the errno of a missing resource is of the kind `machine`.
  /// - Parameter remedy: what to do; where it is empty, what usually helps against the errno.
  public init(
    _ kind: Kind = .call, call: String, errno: Errno? = nil, detail: String = "", remedy: String = ""
  ) {
    self.kind = kind == .call && SourceError.isOfMachine(errno) ? .machine : kind
    self.call = call
    self.errno = errno
    self.detail = detail
    self.remedy = remedy.isEmpty ? SourceError.usualRemedy(errno) : remedy
  }

  private static func isOfMachine(_ errno: Errno?) -> Bool {
    switch errno {
    case .noSpace, .diskQuotaExceeded, .fileTooLarge, .tooManyOpenFiles, .tooManyOpenFilesInSystem: true
    default: false
    }
  }

  private static func usualRemedy(_ errno: Errno?) -> String {
    switch errno {
    case .tooManyOpenFiles: "raise the limit on open files: ulimit -n"
    case .tooManyOpenFilesInSystem: "close files, or raise fs.file-max"
    case .noMemory: "free some memory, or choose smaller ring buffers"
    case .noSpace, .diskQuotaExceeded: "free some space"
    case .fileTooLarge: "raise the limit on the size of files: ulimit -f"
    case .interrupted: "make the call again"
    case .permissionDenied, .notPermitted: "run as root or as the owner"
    case .resourceTemporarilyUnavailable: "raise the limit on processes: ulimit -u"
    default: ""
    }
  }

  /// The failure of a release call.
  @usableFromInline
  static func releaseRefused(call: StaticString, code: Int32) -> SourceError {
    SourceError(
      call: "\(call)", errno: Errno(rawValue: code),
      remedy: "the sub-buffer was released already, or by another reader; open the source again")
  }

  /// The call, the error and the remedy in one line.
  public var description: String { remedy.isEmpty ? reason : "\(reason); \(remedy)" }

  /// The call and the error in one line, without the remedy.
  public var reason: String {
    var text = call
    if let errno { text += ": \(errno) (errno \(errno.rawValue))" }
    if !detail.isEmpty { text += ": \(detail)" }
    return text
  }
}
