import CLTTngUST
import Glibc
import Ownership
import SubbufferSource
import SystemPackage

/// The directory that a traced process takes for its user's LTTng directory, with the socket it registers at.
///
/// Only this user can enter it (mode 0700). It is needed until the process has registered; its name tells whose it is,
/// `abi-compare-SCOPE-PID-STARTTIME-XXXXXX`, for whoever finds one that a killed run left.
struct PrivateDirectory: ~Copyable {
  /// The value of `LTTNG_HOME` for the traced process's environment.
  let path: String

  init() throws(SourceError) {
    let remedy = "set TMPDIR to a directory that can be written to, with a short path"
    var template = Array(OwnedDirectory.template.utf8CString)
    try checked(clu_sys_make_directory(&template), "mkdtemp in \(OwnedDirectory.parent)", remedy: remedy)
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
  /// - Returns: the paths of those that were removed.
  static func removeAbandoned() -> [String] {
    OwnedDirectory.removeAbandoned { directory in
      if let home = OwnedDirectory.open(directory, homeName) {
        unlinkat(home, socketName, 0)
        close(home)
      }
      unlinkat(directory, homeName, AT_REMOVEDIR)
    }
  }

  private static let homeName = ".lttng"
  private static var socketName: String {
    withUnsafeBytes(of: CLU_SOCKET_FILENAME) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
