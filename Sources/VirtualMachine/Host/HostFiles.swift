import Foundation
import Glibc
import SubbufferSource
import SystemPackage

/// Files of the host: what Foundation throws, as errors of this program.
enum HostFiles {
  /// Makes a directory, with those above it.
  static func makeDirectory(_ path: String) throws(SourceError) {
    try told("mkdir \(path)") {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
  }

  /// The bytes of a file.
  static func read(_ path: String) throws(SourceError) -> Data {
    try told("read \(path)") { try Data(contentsOf: URL(fileURLWithPath: path)) }
  }

  /// Writes a file.
  static func write(_ data: Data, to path: String) throws(SourceError) {
    try told("write \(path)") { try data.write(to: URL(fileURLWithPath: path)) }
  }

  /// The text of a file.
  static func text(_ path: String) throws(SourceError) -> String {
    String(decoding: try read(path), as: UTF8.self)
  }

  /// The names in a directory, sorted; none where there is no such directory.
  static func names(in directory: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
  }

  /// The bytes of all files in and below a directory.
  static func size(of directory: String) -> Int {
    let files = FileManager.default.enumerator(atPath: directory)
    var size = 0
    while let name = files?.nextObject() as? String {
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")
      size += (attributes?[.size] as? Int) ?? 0
    }
    return size
  }

  /// The bytes of a file; 0 if there is none.
  static func size(ofFile path: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
  }

  /// The bytes that are free where a directory is.
  static func free(at directory: String) -> Int? {
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: directory)
    return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
  }

  /// Does something with files.
  /// - Throws: ``SourceError`` with the call and what was wrong.
  static func told<Result>(_ call: String, _ body: () throws -> Result) throws(SourceError) -> Result {
    do {
      return try body()
    } catch {
      let code = errno(of: error)
      throw SourceError(call: call, errno: code, detail: code == nil ? "\(error.localizedDescription)" : "")
    }
  }

  private static func errno(of error: any Error) -> Errno? {
    // It does not come with the errno.
    if (error as? CocoaError)?.code == .fileWriteOutOfSpace { return .noSpace }
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return underlying.flatMap { $0.domain == NSPOSIXErrorDomain ? Errno(rawValue: Int32($0.code)) : nil }
  }
}

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

extension Int {
  /// A number of bytes for a person: `67 MB`, of 1,000,000 bytes each.
  package var inMegabytes: String { "\(self / 1_000_000) MB" }
}
