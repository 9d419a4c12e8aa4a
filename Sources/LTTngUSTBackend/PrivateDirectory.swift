import CLTTngUST
import Glibc
import Ownership
import SubbufferSource
import SystemPackage

/// The directory that a traced process takes for its user's LTTng directory, with the socket it registers at.
///
/// Only this user can enter it (mode 0700). It is needed until the process has registered; its name tells whose it is,
/// `abi-compare-PID-STARTTIME-XXXXXX`, for whoever finds one that a killed run left.
struct PrivateDirectory: ~Copyable {
  /// What `LTTNG_HOME` has to be in the traced process's environment.
  let path: String

  init() throws(SourceError) {
    let parent = Self.parent
    let remedy = "set TMPDIR to a directory that can be written to, with a short path"
    var template = Array("\(parent)/\(RunOwner.current.name("XXXXXX"))".utf8CString)
    try checked(clu_sys_make_directory(&template), "mkdtemp in \(parent)", remedy: remedy)
    let path = template.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    if mkdir("\(path)/\(Self.homeName)", 0o700) < 0 {
      let error = errno
      rmdir(path)
      throw SourceError(call: "mkdir \(path)/.lttng", errno: Errno(rawValue: error), remedy: remedy)
    }
    self.path = path
  }

  /// The path of the socket: `$LTTNG_HOME/.lttng/lttng-ust-sock-8`, as `<lttng/ust-ctl.h>` and lttng-ust(3) have it.
  var socketPath: String { "\(path)/\(Self.homeName)/\(Self.socketName)" }

  deinit {
    unlink(socketPath)
    rmdir("\(path)/\(Self.homeName)")
    rmdir(path)
  }

  /// Removes the directories that owners left who do not run any more.
  ///
  /// The temporary directory is everybody's: whoever can guess a name can put something else there. So only a directory
  /// of this user that nobody else can enter is touched, through descriptors, and no link is followed.
  /// - Returns: the paths of those that were removed.
  static func removeAbandoned() -> [String] {
    RunOwner.abandoned(in: parent).map { "\(parent)/\($0)" }.filter { path in
      guard let directory = ownDirectory(AT_FDCWD, path) else { return false }
      defer { close(directory) }
      if let home = ownDirectory(directory, homeName) {
        unlinkat(home, socketName, 0)
        close(home)
      }
      unlinkat(directory, homeName, AT_REMOVEDIR)
      return rmdir(path) == 0
    }
  }

  /// Opens a directory that belongs to this user and to nobody else.
  private static func ownDirectory(_ parent: Int32, _ name: String) -> Int32? {
    let descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o7777 == 0o700 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  private static let homeName = ".lttng"
  private static var socketName: String {
    withUnsafeBytes(of: CLU_SOCKET_FILENAME) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
  private static var parent: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }
}
