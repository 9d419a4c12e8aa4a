import Glibc

/// The process to which something belongs that outlives a process: a tracing instance, a directory.
///
/// Its id and start time stand in the name of the thing, `abi-compare-PID-STARTTIME-…`, so that whoever finds it can
/// tell one that is in use from one that a killed run left; the id alone does not, since ids are used again.
public struct RunOwner: Sendable, Equatable {
  private static let prefix = "abi-compare-"

  /// The process.
  public var pid: Int32
  /// When it started, in clock ticks since boot: field 22 of `/proc/PID/stat` (proc(5)).
  public var startTime: UInt64

  /// This process.
  public static let current = RunOwner(pid: getpid(), startTime: startTime(of: getpid()) ?? 0)

  /// Names an owner.
  public init(pid: Int32, startTime: UInt64) {
    self.pid = pid
    self.startTime = startTime
  }

  /// The owner that stands in a name; `nil` where the name is not of that form.
  public init?(inName name: String) {
    guard name.hasPrefix(RunOwner.prefix) else { return nil }
    let parts = name.dropFirst(RunOwner.prefix.count)
      .split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let pid = Int32(parts[0]), pid > 0, let start = UInt64(parts[1]) else { return nil }
    self.init(pid: pid, startTime: start)
  }

  /// The name of something that belongs to this owner.
  public func name(_ suffix: String) -> String {
    "\(RunOwner.prefix)\(pid)-\(startTime)-\(suffix)"
  }

  /// Whether the process still runs.
  public var isAlive: Bool {
    RunOwner.startTime(of: pid) == startTime
  }

  /// The names in a directory of what belongs to owners that do not run any more; none where it cannot be read.
  public static func abandoned(in directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if let owner = RunOwner(inName: name), !owner.isAlive { names.append(name) }
    }
    return names
  }

  private static func startTime(of pid: Int32) -> UInt64? {
    let descriptor = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = max(0, read(descriptor, &bytes, bytes.count))
    // The second field is the name in parentheses and may hold anything; the rest begins behind the last one.
    guard let end = bytes[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = bytes[(end + 1)..<count].split(separator: UInt8(ascii: " "))
    // One that has ended and that nobody has waited for yet runs no more.
    if let state = fields.first, state.elementsEqual("Z".utf8) || state.elementsEqual("X".utf8) { return nil }
    return fields.count > 19 ? UInt64(String(decoding: fields[19], as: UTF8.self)) : nil
  }
}
