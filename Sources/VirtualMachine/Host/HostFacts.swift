import Foundation
import Glibc

/// The properties of the host that a guest reports.
enum HostFacts {
  /// Its kernel and its CPU.
  static var text: String {
    var name = utsname()
    uname(&name)
    let release = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let lines = LastLines.lines(of: "/proc/cpuinfo")
    let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
    return "Linux \(release), \(model.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown CPU")"
  }

  /// The bytes that can be had without swapping; `nil` where the system does not tell.
  static var availableMemory: Int? {
    let line = LastLines.lines(of: "/proc/meminfo").first { $0.hasPrefix("MemAvailable:") }
    return line?.split(separator: " ").compactMap { Int($0) }.first.map { $0 << 10 }
  }
}
