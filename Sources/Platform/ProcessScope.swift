import Glibc

/// The scope in which a process id and a start time name one process: one boot of one kernel, one PID namespace and one
/// time namespace.
///
/// A process of another PID namespace is invisible, or visible under another id; in another time namespace the start
/// times of `/proc/PID/stat` are shifted (proc(5), time_namespaces(7)). The kernel gives the inode number of a
/// namespace to another one only when the first has no process any more, so within one boot equal numbers are the same
/// namespace, or the earlier one is dead.
public struct ProcessScope: Sendable, Equatable {
  /// The first 8 digits of `/proc/sys/kernel/random/boot_id`.
  public var boot: String
  /// The inode number of `/proc/PID/ns/pid`; 0 if the kernel has no PID namespaces.
  public var pidNamespace: UInt64
  /// The inode number of `/proc/PID/ns/time`; 0 if the kernel has no time namespaces.
  public var timeNamespace: UInt64

  /// The scope of this process; `nil` if `/proc` does not show it.
  public static let current = ProcessScope()

  /// Describes a scope.
  public init(boot: String, pidNamespace: UInt64, timeNamespace: UInt64) {
    self.boot = boot
    self.pidNamespace = pidNamespace
    self.timeNamespace = timeNamespace
  }

  private init?() {
    guard let boot = ProcFile.read("/proc/sys/kernel/random/boot_id"), boot.count >= 8,
      let pid = ProcessScope.inode("pid"), let time = ProcessScope.inode("time")
    else { return nil }
    self.init(boot: String(decoding: boot.prefix(8), as: UTF8.self), pidNamespace: pid, timeNamespace: time)
  }

  /// The scope in a name, as ``text`` writes it; `nil` if the text is not of that form.
  init?(_ text: Substring) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 8,
      let pid = UInt64(parts[1], radix: 36), let time = UInt64(parts[2], radix: 36)
    else { return nil }
    self.init(
      boot: String(parts[0]), pidNamespace: pid &+ ProcessScope.first, timeNamespace: time &+ ProcessScope.first)
  }

  /// The scope for a name: `1a2b3c4d.c.a`. Short, because the path of a socket has room for 107 bytes.
  var text: String {
    let namespaces = [pidNamespace, timeNamespace].map { String($0 &- ProcessScope.first, radix: 36) }
    return ([boot] + namespaces).joined(separator: ".")
  }

  /// The kernel counts the inode numbers of namespaces from about here (`include/uapi/linux/nsfs.h`).
  private static let first: UInt64 = 0xEFFF_FFF0

  private static func inode(_ namespace: String) -> UInt64? {
    var status = stat()
    if stat("/proc/self/ns/\(namespace)", &status) == 0 { return UInt64(status.st_ino) }
    // Missing although /proc is there: the kernel is built without such namespaces.
    return errno == ENOENT && access("/proc/self/ns", F_OK) == 0 ? 0 : nil
  }
}

/// Small files of `/proc`.
package enum ProcFile {
  /// The first line of a file, without its end; `nil` if it cannot be read.
  package static func line(_ path: String) -> String? {
    read(path).map { String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) }
  }

  /// The first 4096 bytes of a file; `nil` if it cannot be read.
  static func read(_ path: String) -> ArraySlice<UInt8>? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return count > 0 ? bytes[..<count] : nil
  }
}
