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
    if mkdir("\(path)/.lttng", 0o700) < 0 {
      let error = errno
      rmdir(path)
      throw SourceError(call: "mkdir \(path)/.lttng", errno: Errno(rawValue: error), remedy: remedy)
    }
    self.path = path
  }

  /// The path of the socket: `$LTTNG_HOME/.lttng/lttng-ust-sock-8`, as `<lttng/ust-ctl.h>` and lttng-ust(3) have it.
  var socketPath: String { Self.socketPath(in: path) }

  private static func socketPath(in path: String) -> String {
    let name = withUnsafeBytes(of: CLU_SOCKET_FILENAME) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return "\(path)/.lttng/\(name)"
  }

  deinit {
    unlink(socketPath)
    rmdir("\(path)/.lttng")
    rmdir(path)
  }

  /// Removes the directories that owners left who do not run any more.
  /// - Returns: the paths of those that were removed.
  static func removeAbandoned() -> [String] {
    RunOwner.abandoned(in: parent).map { "\(parent)/\($0)" }.filter { path in
      unlink(socketPath(in: path))
      rmdir("\(path)/.lttng")
      return rmdir(path) == 0
    }
  }

  private static var parent: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }
}
