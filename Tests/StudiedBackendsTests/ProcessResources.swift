import Glibc
import Ownership
import SystemPackage

/// What this process holds at a moment, and what stands in the machine for it, as far as a ring buffer that was not taken
/// down would show there.
struct ProcessResources {
  /// The open descriptors by what they are open on, and how many are.
  private let descriptors: [String: Int]
  /// The mappings that have a name, of files, memfds and shared memory, by access and name, and how many there are.
  ///
  /// Those without one are what malloc and the stacks of threads lie in, which the kernel joins and divides as it likes;
  /// their number says nothing, see ``privateBytes``.
  private let namedMappings: [String: Int]
  /// The ids of the threads.
  private let threads: Set<String>
  /// The bytes of the mappings without a name, and of the heap, that can be accessed, without the stacks of threads.
  let privateBytes: Int
  /// The names in `/dev/shm` of objects of abi-compare and of LTTng-UST; any program may make others meanwhile.
  let sharedMemory: Set<String>
  /// `true` if there is a child process, be it one that has ended and was not waited for.
  let hasChild: Bool
  /// The tracing instances that carry this process's name.
  let instances: [String]
  /// What carries this process's name in the temporary directory and in `/tmp`.
  let temporaryFiles: [String]

  /// Looks around.
  /// - Throws: `Errno` where something cannot be looked at.
  init() throws {
    descriptors = Self.counted(
      try Proc.names("/proc/self/fd").compactMap { Proc.target("/proc/self/fd/\($0)") }
        // Tests that run the program are in this process, too, and begin and end meanwhile.
        .filter { !$0.contains("/cli-test-") }
        // Those of pipes, sockets and processes have a number of their own.
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
    // Where there is no tracefs there are no instances.
    instances = ((try? Proc.names("/sys/kernel/tracing/instances")) ?? []).filter { $0.hasPrefix(prefix) }
    temporaryFiles = try Set(["/tmp", getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"])
      .flatMap { try Proc.names($0) }.filter { $0.hasPrefix(prefix) }
  }

  /// Returns a snapshot that stays the same: two in a row, 10 ms apart, hold equal descriptors, mappings and threads.
  ///
  /// A thread that was joined is listed in `/proc` for a moment longer, and its stack is in use.
  /// - Parameter before: an earlier snapshot; one that differs from it is taken again for up to 2 s, which is as long as
  ///   anything that is still ending may take. A leak stays.
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

  /// The descriptors and mappings with a name of which there are more or fewer than before, and the threads that are new;
  /// that there are fewer threads says nothing, since workers of Dispatch end by themselves.
  func changes(since before: ProcessResources) -> [String] {
    Self.changes("descriptor", descriptors, before.descriptors)
      + Self.changes("mapping", namedMappings, before.namedMappings)
      + threads.subtracting(before.threads).sorted().map { "thread \($0)" }
  }

  /// The stacks are those of threads that run and of threads that have ended, and come and go with workers of Dispatch:
  /// what lies directly behind an inaccessible page without a name (`allocate_stack` in `nptl/allocatestack.c` of glibc).
  /// What the kernel may have joined to one counts.
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
