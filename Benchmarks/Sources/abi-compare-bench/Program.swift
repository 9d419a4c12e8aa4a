import Glibc
import Study
import SubbufferSource
import SystemPackage

/// A program with its arguments, that is run to its end.
struct Program {
  /// Looked for on the `PATH`, where it has no slash.
  var name: String
  var arguments: [String]

  /// Runs it, and throws away what it writes.
  /// - Returns: nanoseconds from its start to its end.
  /// - Throws: ``SourceError`` where it cannot be started or ends with an error.
  func time() throws(SourceError) -> UInt64 {
    let begin = MonotonicClock.now()
    try run(output: "/dev/null")
    return MonotonicClock.now() - begin
  }

  /// Runs it, and takes what it writes to its standard output.
  /// - Parameter file: where that is kept meanwhile.
  func output(in file: String) throws(SourceError) -> String {
    try run(output: file)
    do {
      let descriptor = try FileDescriptor.open(FilePath(file), .readOnly, options: .closeOnExec)
      return try descriptor.closeAfter {
        let bytes = try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
          count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        return String(decoding: bytes, as: UTF8.self)
      }
    } catch {
      throw SourceError(call: "read \(file)", errno: error as? Errno)
    }
  }

  /// A program in the directory of this one.
  static func beside(_ name: String, _ arguments: [String]) throws(SourceError) -> Program {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard count > 0 else { throw SourceError(call: "readlink /proc/self/exe", errno: Errno(rawValue: errno)) }
    let own = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return Program(
      name: "\(own.prefix(through: own.lastIndex(of: "/") ?? own.startIndex))\(name)", arguments: arguments)
  }

  private func run(output: String) throws(SourceError) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var words = ([name] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let result = posix_spawnp(&pid, name, &actions, nil, &words, environ)
    guard result == 0 else {
      throw SourceError(
        .unavailable, call: "start \(name)", errno: Errno(rawValue: result), remedy: "make prepare installs the tools")
    }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 {
      guard errno == EINTR else { throw SourceError(call: "waitpid", errno: Errno(rawValue: errno)) }
    }
    guard status == 0 else {
      throw SourceError(
        call: ([name] + arguments).joined(separator: " "), detail: "wait status \(status)",
        remedy: "run it by hand to see what it says")
    }
  }
}
