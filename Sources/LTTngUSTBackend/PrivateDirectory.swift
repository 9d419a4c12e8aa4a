import CLTTngUST
import Glibc
import SubbufferSource
import SystemPackage

/// The directory that a traced process takes for its user's LTTng directory, with the socket it registers at.
///
/// Only this user can enter it (mode 0700). It is needed until the process has registered; its name tells whose it is,
/// `abi-compare-PID-STARTTIME-XXXXXX` with the start time of `/proc/PID/stat`, for whoever finds one left behind by a
/// program that was killed.
struct PrivateDirectory: ~Copyable {
  /// What `LTTNG_HOME` has to be in the traced process's environment.
  let path: String

  init() throws(SourceError) {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let remedy = "set TMPDIR to a directory that can be written to, with a short path"
    var template = Array("\(parent)/abi-compare-\(getpid())-\(Self.startTime())-XXXXXX".utf8CString)
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
  var socketPath: String {
    let name = withUnsafeBytes(of: CLU_SOCKET_FILENAME) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return "\(path)/.lttng/\(name)"
  }

  deinit {
    unlink(socketPath)
    rmdir("\(path)/.lttng")
    rmdir(path)
  }

  /// When this process started, in clock ticks since boot: field 22 of `/proc/self/stat`, the 20th after the name.
  private static func startTime() -> String {
    var bytes = [UInt8](repeating: 0, count: 1024)
    guard let file = try? FileDescriptor.open("/proc/self/stat", .readOnly) else { return "0" }
    let count = (try? file.closeAfter { try bytes.withUnsafeMutableBytes { try file.read(into: $0) } }) ?? 0
    let afterName = bytes[..<count].lastIndex(of: UInt8(ascii: ")")).map { bytes[($0 + 1)..<count] } ?? []
    let fields = afterName.split(separator: UInt8(ascii: " "))
    return fields.count > 19 ? String(decoding: fields[19], as: UTF8.self) : "0"
  }
}
