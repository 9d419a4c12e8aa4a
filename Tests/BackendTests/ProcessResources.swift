import Glibc
import Platform
import SystemPackage

/// The resources of this process in the process itself and on the machine, as far as a leaked ring buffer shows in
/// them.
struct ProcessResources {
  /// The number of open descriptors by target.
  private let descriptors: [String: Int]
  /// The number of named mappings (files, memfds and shared memory) by access and name.
  ///
  /// Mappings without a name contain malloc's memory and thread stacks. The kernel merges and splits them, so their
  /// number is meaningless; see ``privateBytes``.
  private let namedMappings: [String: Int]
  /// The ids of the threads.
  private let threads: Set<String>
  /// The accessible bytes of the heap and of mappings without a name, except thread stacks.
  let privateBytes: Int
  /// The names of the objects of abi-compare and LTTng-UST in `/dev/shm`; other programs may add objects at any time.
  let sharedMemory: Set<String>
  /// `true` if a child process exists, including one that has ended and was not waited for.
  let hasChild: Bool
  /// The tracing instances with this process's name.
  let instances: [String]
  /// The files and directories with this process's name in the temporary directory and in `/tmp`.
  let temporaryFiles: [String]

  /// Takes a snapshot.
  /// - Throws: `Errno` if a resource cannot be inspected.
  init() throws {
    descriptors = Self.counted(
      try Proc.names("/proc/self/fd").compactMap { Proc.target("/proc/self/fd/\($0)") }
        // Tests that run the program share this process and open and close files at any time.
        .filter { !$0.contains("/cli-test-") }
        // The targets of pipes, sockets and processes contain numbers.
        .map { $0.filter { !$0.isNumber } })
    let mappings = try Proc.mappings()
    namedMappings = Self.counted(mappings.filter { !$0.isPrivateMemory }.map { "\($0.access) \($0.name)" })
    privateBytes = Self.privateBytes(mappings)
    threads = Set(try Proc.names("/proc/self/task"))
    sharedMemory = Set(
      try Proc.names("/dev/shm").filter { name in ["abi-compare", "lttng", "ust-"].contains { name.hasPrefix($0) } })
    var child = siginfo_t()
    hasChild = waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT) == 0
    let prefix = RunOwner.current.name("")
    // Without tracefs there are no instances.
    instances = ((try? Proc.names("/sys/kernel/tracing/instances")) ?? []).filter { $0.hasPrefix(prefix) }
    temporaryFiles = try Set(["/tmp", getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"])
      .flatMap { try Proc.names($0) }.filter { $0.hasPrefix(prefix) }
  }

  /// Returns a stable snapshot: two in a row, 10 ms apart, have equal descriptors, mappings and threads.
  ///
  /// A joined thread remains in `/proc` for a moment, and so does its stack.
  /// - Parameter before: an earlier snapshot; while the new one differs from it, it is retaken for up to 2 s, the
  ///   longest time that anything takes to end. A leak remains.
  static func settled(since before: ProcessResources? = nil) throws -> ProcessResources {
    var last = try ProcessResources()
    for _ in 0..<200 {
      usleep(10_000)
      let next = try ProcessResources()
      if next.changes(since: last) == [], last.threads == next.threads,
        before.map({ next.changes(since: $0) == [] }) ?? true
      {
        return next
      }
      last = next
    }
    return last
  }

  /// Returns the descriptors and named mappings whose number has changed, and the new threads. Ended threads do not
  /// count, because workers of Dispatch end by themselves.
  func changes(since before: ProcessResources) -> [String] {
    Self.changes("descriptor", descriptors, before.descriptors)
      + Self.changes("mapping", namedMappings, before.namedMappings)
      + threads.subtracting(before.threads).sorted().map { "thread \($0)" }
  }

  /// Returns the accessible bytes of private mappings, without the stacks of running and ended threads, which vary with
  /// the workers of Dispatch.
  ///
  /// A stack directly follows an inaccessible page without a name (`allocate_stack` in `nptl/allocatestack.c` of
  /// glibc). Memory that the kernel may have merged with a stack counts.
  private static func privateBytes(_ mappings: [Proc.Mapping]) -> Int {
    let stackSize = Proc.stackSize
    var bytes = 0
    var guardEnd: UInt?
    for mapping in mappings where mapping.isPrivateMemory {
      let isGuard = mapping.access == "---p" && mapping.count == Int(getpagesize())
      if mapping.access != "---p" {
        bytes += mapping.count - (mapping.start == guardEnd ? min(mapping.count, stackSize) : 0)
      }
      guardEnd = isGuard ? mapping.end : nil
    }
    return bytes
  }

  private static func changes(_ kind: String, _ now: [String: Int], _ before: [String: Int]) -> [String] {
    Set(now.keys).union(before.keys).sorted().compactMap { name in
      let difference = now[name, default: 0] - before[name, default: 0]
      return difference == 0 ? nil : "\(kind) \(name): \(difference > 0 ? "+" : "")\(difference)"
    }
  }

  private static func counted(_ names: [String]) -> [String: Int] {
    names.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
}
