import FoundationEssentials
import Glibc
import Platform
import Results

extension RunEnvironment {
  /// This machine, as it is now.
  public static func current(placement: CPUPlacement) -> RunEnvironment {
    var facts = kernel()
    facts += cpu()
    facts += told()
    facts += [
      Observation("clock source", text("/sys/devices/system/clocksource/clocksource0/current_clocksource")),
      Observation(EnvironmentFact.memory, memory()),
      Observation("operating system", osRelease()),
      Observation(EnvironmentFact.loadAverage, text("/proc/loadavg")),
      Observation("effective user id", geteuid()),
      Observation("producer's CPU", placement.producer),
      Observation("reader's CPU", placement.reader),
    ]
    return RunEnvironment(facts: facts)
  }

  /// The variable that names a file of what others know of this machine: a JSON list of observations.
  public static let factsVariable = "ABI_COMPARE_MACHINE_FACTS"

  /// The facts that the starter of this program recorded of the machine; empty without any.
  static func told() -> [Observation] {
    guard let path = getenv(factsVariable).map({ String(cString: $0) }),
      let bytes = try? Data(contentsOf: URL(filePath: path))
    else { return [] }
    return (try? JSONDecoder().decode([Observation].self, from: bytes)) ?? []
  }

  private static func kernel() -> [Observation] {
    var name = utsname()
    uname(&name)
    let version = string(&name.version)
    // The model is part of the version: PREEMPT, PREEMPT_DYNAMIC, PREEMPT_RT.
    let preemption = version.split(separator: " ").filter { $0.hasPrefix("PREEMPT") }.joined(separator: " ")
    return [
      Observation("kernel", "\(string(&name.sysname)) \(string(&name.release))"),
      Observation("kernel version", version),
      Observation("preemption model", preemption.isEmpty ? "none named in the version" : preemption),
      Observation("machine", string(&name.machine)),
    ]
  }

  private static func cpu() -> [Observation] {
    let info = text("/proc/cpuinfo").split(separator: "\n")
    func field(_ name: String) -> String {
      let line = info.first { $0.hasPrefix(name) }
      return line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingPrefix(while: \.isWhitespace) }
        .map(String.init) ?? unknown
    }
    let virtual = field("flags").split(separator: " ").contains("hypervisor")
    return [
      Observation("CPU", field("model name")),
      Observation(EnvironmentFact.onlineCPUs, text("/sys/devices/system/cpu/online")),
      Observation("frequency governor", text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")),
      Observation("hypervisor", virtual ? "yes (flag in /proc/cpuinfo)" : "no flag in /proc/cpuinfo"),
    ]
  }

  private static func memory() -> String {
    let line = text("/proc/meminfo").split(separator: "\n").first { $0.hasPrefix("MemTotal:") }
    return line.map { $0.dropFirst("MemTotal:".count).trimmingPrefix(while: \.isWhitespace) }
      .map(String.init) ?? unknown
  }

  private static func osRelease() -> String {
    let line = text("/etc/os-release").split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
    return line.map { $0.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" } } ?? unknown
  }

  private static let unknown = "not reported by this system"

  private static func text(_ path: String) -> String {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return unknown }
    let trimmed = text.reversed().drop { $0.isWhitespace }.reversed()
    return String(trimmed)
  }

  private static func string<Field>(_ field: inout Field) -> String {
    withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
