import Glibc

/// The process that owns a tracing instance or a directory, which can outlive it.
///
/// The name of the object is `abi-compare-SCOPE-PID-STARTTIME-…`: the process, and the scope in which its id and start
/// time are valid, so that a later run removes what a killed run left, and nothing else.
package struct RunOwner: Sendable, Equatable {
  private static let prefix = "abi-compare-"
  private static let unknownScope = "unknown"

  /// The scope of ``pid`` and ``startTime``; `nil` if the owner could not read it.
  package var scope: ProcessScope?
  package var pid: Int32
  /// The start time of the process, in clock ticks after boot: field 22 of `/proc/PID/stat` (proc(5)); 0 if the owner could
  /// not read it.
  package var startTime: UInt64

  /// The state of an owner, as far as this process can observe it.
  package enum State: Sendable, Equatable {
    /// The process runs, or there is no evidence that it ended.
    case alive
    /// The process belongs to this scope and has ended.
    case dead
    /// The process belongs to another boot, PID namespace or time namespace; this process cannot observe it.
    case elsewhere
  }

  /// This process.
  package static let current = RunOwner(pid: getpid(), startTime: ProcessStatus("/proc/self/stat")?.startTime ?? 0)

  package init(scope: ProcessScope? = .current, pid: Int32, startTime: UInt64) {
    self.scope = scope
    self.pid = pid
    self.startTime = startTime
  }

  /// Parses the name of an owned object; returns `nil` if it has another form.
  package init?(inName name: String) {
    guard name.hasPrefix(RunOwner.prefix) else { return nil }
    let parts = name.dropFirst(RunOwner.prefix.count)
      .split(separator: "-", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, let pid = Int32(parts[1]), pid > 0, let start = UInt64(parts[2]) else { return nil }
    let scope = ProcessScope(parts[0])
    guard scope != nil || parts[0] == RunOwner.unknownScope else { return nil }
    self.init(scope: scope, pid: pid, startTime: start)
  }

  /// Returns the name of an object of this owner.
  package func name(_ suffix: String) -> String {
    "\(RunOwner.prefix)\(scope?.text ?? RunOwner.unknownScope)-\(pid)-\(startTime)-\(suffix)"
  }

  /// The state of the process. It is dead only if the evidence cannot be an effect of a namespace, mount or permission.
  package var state: State {
    guard let scope, scope == .current else { return .elsewhere }
    // kill() looks in this process's PID namespace, whichever /proc is mounted, and fails with EPERM for a process that
    // this one may not signal.
    if kill(pid, 0) != 0, errno == ESRCH { return .dead }
    guard ProcessStatus.isOfThisNamespace, let status = ProcessStatus("/proc/\(pid)/stat") else { return .alive }
    if status.hasEnded { return .dead }
    return startTime == 0 || status.startTime == startTime ? .alive : .dead
  }

  /// Returns the names in a directory that have an owner; none if the directory cannot be read.
  package static func owned(in directory: String) -> [(name: String, owner: RunOwner)] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var owned: [(String, RunOwner)] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if let owner = RunOwner(inName: name) { owned.append((name, owner)) }
    }
    return owned
  }

  /// Returns the names in a directory whose owner is dead; none if the directory cannot be read.
  package static func abandoned(in directory: String) -> [String] {
    owned(in: directory).filter { $0.owner.state == .dead }.map(\.name)
  }
}

/// The fields of `/proc/PID/stat` that show if a process runs (proc(5)).
private struct ProcessStatus {
  /// Field 22, in clock ticks after boot.
  let startTime: UInt64
  /// `true` if the process is a zombie without threads.
  let hasEnded: Bool

  init?(_ path: String) {
    guard let bytes = ProcFile.read(path),
      // The second field is the name in parentheses and may contain any byte, including parentheses.
      let end = bytes.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    guard fields.count > 19, let threads = Int(fields[17]), let start = UInt64(fields[19]) else { return nil }
    startTime = start
    // The main thread may end before the others.
    hasEnded = (fields[0] == "Z" || fields[0] == "X") && threads <= 1
  }

  /// `true` if `/proc` was mounted in this process's PID namespace: `NSpid` has one id for each namespace from the
  /// mounter's down to the process's own.
  static let isOfThisNamespace: Bool = {
    guard let bytes = ProcFile.read("/proc/self/status") else { return false }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    // A kernel without PID namespaces has no such line.
    guard let line = lines.first(where: { $0.hasPrefix("NSpid:") }) else {
      return ProcessScope.current?.pidNamespace == 0
    }
    return line.dropFirst("NSpid:".count).split(whereSeparator: \.isWhitespace).map(String.init) == ["\(getpid())"]
  }()
}

/// The scope in which a process id and a start time name one process: one boot of one kernel, one PID namespace and one
/// time namespace.
///
/// A process of another PID namespace is invisible, or visible under another id; in another time namespace the start
/// times of `/proc/PID/stat` are shifted (proc(5), time_namespaces(7)). The kernel reuses the inode number of a
/// namespace only after its last process has ended, so within one boot equal numbers are the same namespace, or the
/// earlier one is dead.
package struct ProcessScope: Sendable, Equatable {
  /// The first 8 digits of `/proc/sys/kernel/random/boot_id`.
  package var boot: String
  /// The inode number of `/proc/PID/ns/pid`; 0 if the kernel has no PID namespaces.
  package var pidNamespace: UInt64
  /// The inode number of `/proc/PID/ns/time`; 0 if the kernel has no time namespaces.
  package var timeNamespace: UInt64

  /// The scope of this process; `nil` if `/proc` lacks one of the values.
  package static let current = ProcessScope()
}

extension ProcessScope {
  private init?() {
    guard let boot = ProcFile.read("/proc/sys/kernel/random/boot_id"), boot.count >= 8,
      let pid = ProcessScope.inode("pid"), let time = ProcessScope.inode("time")
    else { return nil }
    self.init(boot: String(decoding: boot.prefix(8), as: UTF8.self), pidNamespace: pid, timeNamespace: time)
  }

  /// Parses ``text``; returns `nil` if it has another form.
  init?(_ text: Substring) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 8,
      let pid = UInt64(parts[1], radix: 36), let time = UInt64(parts[2], radix: 36)
    else { return nil }
    self.init(
      boot: String(parts[0]), pidNamespace: pid &+ ProcessScope.first, timeNamespace: time &+ ProcessScope.first)
  }

  /// The scope in a name: `1a2b3c4d.c.a`. Short, because the path of a socket is limited to 107 bytes.
  var text: String {
    let namespaces = [pidNamespace, timeNamespace].map { String($0 &- ProcessScope.first, radix: 36) }
    return ([boot] + namespaces).joined(separator: ".")
  }

  /// The smallest inode numbers of namespaces are slightly above this (`include/uapi/linux/nsfs.h`).
  private static let first: UInt64 = 0xEFFF_FFF0

  private static func inode(_ namespace: String) -> UInt64? {
    var status = stat()
    if stat("/proc/self/ns/\(namespace)", &status) == 0 { return UInt64(status.st_ino) }
    // Missing although /proc is mounted: the kernel is built without such namespaces.
    return errno == ENOENT && access("/proc/self/ns", F_OK) == 0 ? 0 : nil
  }
}

/// Small files of `/proc`.
package enum ProcFile {
  /// Returns the first line of a file, without its newline; `nil` if it cannot be read.
  package static func line(_ path: String) -> String? {
    read(path).map { String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) }
  }

  /// Returns the first 4096 bytes of a file; `nil` if it cannot be read.
  static func read(_ path: String) -> ArraySlice<UInt8>? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return count > 0 ? bytes[..<count] : nil
  }
}

/// Private directories of one process in the temporary directory, `abi-compare-SCOPE-PID-STARTTIME-…`.
///
/// Any user can create a guessed name in the temporary directory. So only directories of this user with mode 0700 are
/// changed, through descriptors, and no link is followed.
public enum OwnedDirectory {
  /// The parent directory: `TMPDIR`, or `/tmp` if it is missing or empty.
  public static var parent: String {
    let chosen = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    return chosen.isEmpty ? "/tmp" : chosen
  }

  /// The template for mkdtemp(3).
  public static var template: String { "\(parent)/\(RunOwner.current.name("XXXXXX"))" }

  /// The paths of directories whose owner belongs to another boot, PID namespace or time namespace. They are not
  /// removed: the owner may run.
  package static var elsewhere: [String] {
    RunOwner.owned(in: parent).filter { $0.owner.state == .elsewhere }.map { "\(parent)/\($0.name)" }
  }

  /// Removes the directories of dead owners.
  /// - Parameter empty: removes the known contents of the directory, given its descriptor. A directory with other
  ///   contents remains.
  /// - Returns: the paths of the removed directories.
  package static func removeAbandoned(_ empty: (Int32) -> Void) -> [String] {
    RunOwner.abandoned(in: parent).map { "\(parent)/\($0)" }.filter { path in
      guard let directory = open(AT_FDCWD, path) else { return false }
      defer { close(directory) }
      empty(directory)
      return rmdir(path) == 0
    }
  }

  /// Removes a directory and its files from an open directory. A directory that contains another one remains.
  package static func removeFiles(in name: String, of directory: Int32) {
    let descriptor = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    removeFiles(of: descriptor)
    close(descriptor)
    unlinkat(directory, name, AT_REMOVEDIR)
  }

  /// Removes the files of an open directory, and no directory in it.
  package static func removeFiles(of descriptor: Int32) {
    // closedir() closes the descriptor of the stream.
    let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard own >= 0, let stream = fdopendir(own) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: 256) { _ = unlinkat(descriptor, $0, 0) }
      }
    }
  }

  /// Opens a directory of this user with mode 0700.
  /// - Returns: a descriptor; `nil` if it is not such a directory.
  package static func open(_ parent: Int32, _ name: String) -> Int32? {
    let descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o7777 == 0o700 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }
}
