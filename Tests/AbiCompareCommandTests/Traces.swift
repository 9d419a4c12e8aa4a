import Foundation

/// The instances, trace events and directories of one run of the program.
struct Traces: Equatable {
  var instances: [String]
  var events: [String]
  var directories: [String]

  /// Finds the current instances, events and directories of a run by its process id.
  init(of pid: Int32) {
    instances = Tool.instances.filter { $0.contains("-\(pid)-") }
    let defined = try? String(contentsOfFile: "/sys/kernel/tracing/uprobe_events", encoding: .utf8)
    events = (defined ?? "").split(separator: "\n").map(String.init).filter { $0.contains("_\(pid)_") }
    directories = Tool.names(NSTemporaryDirectory()).filter { $0.contains("-\(pid)-") }
  }

  var isEmpty: Bool { instances.isEmpty && events.isEmpty && directories.isEmpty }

  /// Returns the child processes of a process.
  static func children(of pid: Int32) -> [Int32] {
    let text = try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
    return (text ?? "").split(separator: " ").compactMap { Int32($0) }
  }

  /// Waits until no orphaned producer is left: each ends by itself at the end of its input.
  static func awaitOrphansGone() {
    while Tool.names("/proc").contains(where: isOrphan) { usleep(500) }
  }

  /// Waits until a process has ended, whether or not its parent has taken its status.
  /// - Returns: `false` if it runs after ten seconds.
  static func awaitEnd(of pid: Int32) -> Bool {
    let limit = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < limit {
      guard let process = stat(of: "\(pid)"), process.state != "Z" else { return true }
      usleep(500)
    }
    return false
  }

  /// `true` if a process is a producer and a child of init; the kernel truncates its name to 15 characters.
  private static func isOrphan(_ pid: String) -> Bool {
    guard let process = stat(of: pid) else { return false }
    return ["abi-compare-mar", "abi-compare-pro"].contains(process.name) && process.parent == "1"
  }

  /// The name, the state and the parent of a process; `nil` if it is gone.
  private static func stat(of pid: String) -> (name: Substring, state: Substring, parent: Substring)? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let begin = text.firstIndex(of: "("), let end = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[end...].split(separator: " ")
    return fields.count > 2 ? (text[text.index(after: begin)..<end], fields[1], fields[2]) : nil
  }
}

/// The shared state of the machine, which a run must leave unchanged.
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
