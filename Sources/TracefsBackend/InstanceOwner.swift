import Glibc
import SubbufferSource

/// The process that made an instance: its id and the time at which it started, since ids are used again.
struct InstanceOwner: Equatable {
  private static let prefix = "abi-compare-"

  var pid: Int32
  /// Clock ticks after boot, field 22 of `/proc/PID/stat` (proc(5)).
  var startTime: UInt64

  static let current = InstanceOwner(pid: getpid(), startTime: startTime(of: getpid()) ?? 0)

  init(pid: Int32, startTime: UInt64) {
    self.pid = pid
    self.startTime = startTime
  }

  /// The owner of an instance by that name; `nil` where the name is not one of ours.
  init?(instanceName: String) {
    guard instanceName.hasPrefix(InstanceOwner.prefix) else { return nil }
    let parts = instanceName.dropFirst(InstanceOwner.prefix.count).split(separator: "-")
    guard parts.count == 3, let pid = Int32(parts[0]), pid > 0, let start = UInt64(parts[1]) else { return nil }
    self.init(pid: pid, startTime: start)
  }

  func instanceName(_ number: Int) -> String {
    "\(InstanceOwner.prefix)\(pid)-\(startTime)-\(number)"
  }

  var isAlive: Bool {
    InstanceOwner.startTime(of: pid) == startTime
  }

  private static func startTime(of pid: Int32) -> UInt64? {
    guard let stat = try? TextFile.read("/proc/\(pid)/stat") else { return nil }
    // The second field is the name in parentheses and may hold anything; the rest begins behind the last one.
    guard let close = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[stat.index(after: close)...].split(separator: " ")
    return fields.count > 19 ? UInt64(fields[19]) : nil
  }
}
