import CLTTngUST
import Glibc
import Platform
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

  /// The path of the socket: `$LTTNG_HOME/.lttng/lttng-ust-sock-8`, as `<lttng/ust-ctl.h>` and lttng-ust(3) have it, or
  /// `lttng-ust-sock-11` since LTTng-UST 2.15.
  var socketPath: String { socketPaths[0] }

  private var socketPaths: [String] { Self.socketNames.map { "\(path)/\(Self.homeName)/\($0)" } }

  /// Links the names that other versions of LTTng-UST connect to, so that a process of another version is refused with the
  /// reason, and not waited for in vain.
  func linkOtherNames() throws(SourceError) {
    for other in socketPaths.dropFirst() where symlink(Self.socketNames[0], other) < 0 {
      throw SourceError(call: "symlink \(other)", errno: Errno(rawValue: errno))
    }
  }

  deinit {
    for name in socketPaths { unlink(name) }
    rmdir("\(path)/\(Self.homeName)")
    rmdir(path)
  }

  /// Removes the directories that owners left who do not run any more.
  /// - Returns: the paths of those that were removed.
  static func removeAbandoned() -> [String] {
    OwnedDirectory.removeAbandoned { directory in
      if let home = OwnedDirectory.open(directory, homeName) {
        for name in socketNames { unlinkat(home, name, 0) }
        close(home)
      }
      unlinkat(directory, homeName, AT_REMOVEDIR)
    }
  }

  private static let homeName = ".lttng"
  /// The names of the socket, that of the loaded library first.
  private static var socketNames: [String] {
    var names: [String] = []
    while let name = clu_socket_name(Int32(names.count)) { names.append(String(cString: name)) }
    return names
  }
}
