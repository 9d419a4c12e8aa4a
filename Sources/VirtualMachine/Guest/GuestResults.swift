import Foundation
import Glibc
import SubbufferSource

/// The results of a guest.
public struct GuestResults: Sendable, Equatable {
  /// The exit status of its program.
  public var status: Int32
  /// The names of the files that it made, which are in the directory of the results now.
  public var files: [String]

  /// Unpacks what a guest left, and puts it into a directory: each file beside its place first, and then all in their
  /// places, so that one that does not fit destroys nothing.
  /// - Returns: the names of the files.
  /// - Throws: ``SourceError``, with where the archive is kept then.
  static func bringOut(_ files: GuestFiles, to place: String) throws(SourceError) -> [String] {
    do throws(SourceError) {
      try HostFiles.makeDirectory(files.unpacked)
      try HostProgram(
        step: "unpack what the guest made", name: "tar", arguments: ["-xf", files.results, "-C", files.unpacked],
        remedy: "free some space in TMPDIR", package: "tar"
      ).run(log: files.log, within: 60)
      return try put(HostFiles.names(in: files.unpacked), from: files.unpacked, to: place)
    } catch {
      guard error.kind != .interrupted, let kept = files.keepResults() else { throw error }
      var told = error
      told.remedy = "what the guest made is kept: tar -xf \(kept)\(error.remedy.isEmpty ? "" : "; \(error.remedy)")"
      throw told
    }
  }

  private static func put(_ names: [String], from directory: String, to place: String) throws(SourceError) -> [String] {
    try HostFiles.makeDirectory(place)
    let beside = { (name: String) in "\(place)/.\(name).\(getpid())" }
    do throws(SourceError) {
      for name in names {
        try HostFiles.told("write \(place)/\(name)") {
          try FileManager.default.copyItem(atPath: "\(directory)/\(name)", toPath: beside(name))
        }
      }
      for name in names {
        guard rename(beside(name), "\(place)/\(name)") == 0 else {
          throw SourceError(call: "write \(place)/\(name)", errno: .init(rawValue: errno))
        }
      }
    } catch {
      for name in names { unlink(beside(name)) }
      throw error
    }
    return names
  }
}
