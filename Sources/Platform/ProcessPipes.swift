import CPlatform
import Glibc
import SubbufferSource
import SystemPackage

/// The ends of a process's standard input, output and error, and its start.
///
/// All are closed on exec, so that one process does not hold the pipes of another open.
struct ProcessPipes {
  let commandRead: Int32
  let commandWrite: Int32
  let answerRead: Int32
  let answerWrite: Int32
  /// A memfd that takes what the process says on standard error.
  let diagnostics: Int32

  init() throws(SourceError) {
    // A socket, since a write to a pipe that nobody reads any more ends this process.
    (commandRead, commandWrite) = try ProcessPipes.ends("socketpair", cprocess_socket_pair)
    do {
      (answerRead, answerWrite) = try ProcessPipes.ends("pipe2", cprocess_pipe)
    } catch {
      close(commandRead)
      close(commandWrite)
      throw error
    }
    diagnostics = cprocess_memfd("abi-compare-stderr")
    guard diagnostics >= 0 else {
      let code = Glibc.errno
      for fd in [commandRead, commandWrite, answerRead, answerWrite] { close(fd) }
      throw SourceError(call: "memfd_create", errno: Errno(rawValue: code))
    }
  }

  func closeChildEnds() {
    close(commandRead)
    close(answerWrite)
  }

  func closeAll() {
    closeChildEnds()
    close(commandWrite)
    close(answerRead)
    close(diagnostics)
  }

  func spawn(
    executable: String, arguments: [String], environment: [String: String?], ownGroup: Bool,
    joinsStandardError: Bool, descriptor: Int32?
  ) throws(SourceError) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, commandRead, 0)
    posix_spawn_file_actions_adddup2(&actions, answerWrite, 1)
    posix_spawn_file_actions_adddup2(&actions, joinsStandardError ? answerWrite : diagnostics, 2)
    if let descriptor { posix_spawn_file_actions_adddup2(&actions, descriptor, 3) }

    // Libraries of this process block signals (lttng-ust-ctl its real-time ones); the child is to start with none.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    let group = ownGroup ? POSIX_SPAWN_SETPGROUP : 0
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group))

    let words = ([executable] + arguments).map { strdup($0) } + [nil]
    let variables = ProcessPipes.merged(environment).map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, executable, &actions, &attributes, words, variables)
    guard code == 0 else {
      throw ProcessPipes.notStarted(executable, Errno(rawValue: code))
    }
    return pid
  }

  private static func notStarted(_ executable: String, _ code: Errno) -> SourceError {
    let call = "posix_spawn \(executable)"
    switch code {
    case .noSuchFileOrDirectory: return SourceError(call: call, errno: code, remedy: "build all products: swift build")
    case .permissionDenied: return SourceError(call: call, errno: code, remedy: "make it executable for this user")
    case .resourceTemporarilyUnavailable, .noMemory: return SourceError(.machine, call: call, errno: code)
    default: return SourceError(call: call, errno: code)
    }
  }

  /// The contents of a memfd.
  static func text(of descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 2048)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return "" }
    return String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").joined(separator: "; ")
  }

  private static func ends(
    _ call: String, _ make: (UnsafeMutablePointer<Int32>?) -> Int32
  ) throws(SourceError) -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    guard make(&ends) == 0 else { throw SourceError(call: call, errno: Errno(rawValue: Glibc.errno)) }
    return (ends[0], ends[1])
  }

  private static func merged(_ changes: [String: String?]) -> [String] {
    var all: [String] = []
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if !changes.keys.contains(String(text.prefix { $0 != "=" })) { all.append(text) }
      next += 1
    }
    return all + changes.compactMap { name, value in value.map { "\(name)=\($0)" } }
  }
}
