import Foundation
import Glibc
import Platform
import SubbufferSource
import SystemPackage

/// The files of one guest, in a directory of their own that goes with the value.
final class GuestFiles {
  private let directory: String

  /// The initial file system of the guest.
  var initialFileSystem: String { "\(directory)/initrd" }
  /// The output of its kernel.
  var console: String { "\(directory)/console.log" }
  /// The archive that it leaves.
  var results: String { "\(directory)/results.tar" }
  /// The directory into which the results are unpacked.
  var unpacked: String { "\(directory)/results" }
  /// The output of tar.
  var log: String { "\(directory)/results.log" }

  /// The approximate number of bytes written.
  private static let neededDisk = 300_000_000

  init() throws(SourceError) {
    var template = Array(OwnedDirectory.template.utf8CString)
    guard mkdtemp(&template) != nil else {
      throw SourceError(call: "mkdtemp in \(OwnedDirectory.parent)", errno: Errno(rawValue: errno))
    }
    directory = template.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    if let free = HostFiles.free(at: directory), free < GuestFiles.neededDisk {
      rmdir(directory)
      throw SourceError(
        call: "boot a virtual machine", errno: .noSpace,
        detail: "\(free.inMegabytes) are free in \(OwnedDirectory.parent)",
        remedy: "\(GuestFiles.neededDisk.inMegabytes) are needed; choose another directory with TMPDIR")
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: directory)
  }

  /// Moves the archive that the guest left to where it stays.
  /// - Returns: its path; `nil` if there is none, or it cannot be moved.
  func keepResults() -> String? {
    let kept = "\(directory)-results.tar"
    return HostFiles.size(ofFile: results) > 0 && rename(results, kept) == 0 ? kept : nil
  }

  /// Removes what was left by programs that were killed.
  /// - Returns: the paths.
  static func removeAbandoned() -> [String] {
    OwnedDirectory.removeAbandoned { directory in
      OwnedDirectory.removeFiles(in: "results", of: directory)
      for name in ["initrd", "console.log", "results.tar", "results.log"] { unlinkat(directory, name, 0) }
    }
  }
}
