import Foundation

/// What one run of the program has on the machine.
struct Traces: Equatable {
  var instances: [String]
  var directories: [String]

  /// What a run has there now, by its process id.
  init(of pid: Int32) {
    instances = Tool.instances.filter { $0.contains("-\(pid)-") }
    directories = Tool.names(NSTemporaryDirectory()).filter { $0.contains("-\(pid)-") }
  }

  /// `true` if there is nothing of the run.
  var isEmpty: Bool { instances.isEmpty && directories.isEmpty }

  /// The processes that a process has started.
  static func children(of pid: Int32) -> [Int32] {
    let text = try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
    return (text ?? "").split(separator: " ").compactMap { Int32($0) }
  }

  /// Waits until no producer is there whose parent is gone: they find their input at its end and go by themselves.
  static func awaitOrphansGone() {
    while Tool.names("/proc").contains(where: isOrphan) { usleep(500) }
  }

  /// `true` if a process is a producer and a child of init; the kernel keeps 15 characters of its name.
  private static func isOrphan(_ pid: String) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let begin = stat.firstIndex(of: "("), let end = stat.lastIndex(of: ")")
    else { return false }
    let name = stat[stat.index(after: begin)..<end]
    let parent = stat[end...].split(separator: " ").dropFirst(2).first
    return ["abi-compare-mar", "abi-compare-pro"].contains(name) && parent == "1"
  }
}

/// What all processes share and a run must leave as it was.
struct SharedState: Equatable {
  /// The objects of abi-compare and of LTTng-UST (`lttng-ust-wait-8`, `ust-shm-…`): any program may make others meanwhile.
  var sharedMemory = Tool.names("/dev/shm").filter { name in
    ["abi-compare", "lttng", "ust-"].contains { name.hasPrefix($0) }
  }
  var topLevelBuffer = [
    "tracing_on", "buffer_size_kb", "buffer_subbuf_size_kb", "current_tracer", "trace_clock", "options/overwrite",
    "buffer_percent", "per_cpu/cpu0/stats",
  ].map { (try? String(contentsOfFile: "/sys/kernel/tracing/\($0)", encoding: .utf8)) ?? "" }
    .map { $0.split(separator: "\n").filter { !$0.hasPrefix("now ts") }.joined(separator: "\n") }
}
