import Foundation
import Glibc
import SubbufferSource

/// A root directory with the compiler and the libraries of a Debian release.
///
/// Its packages are unpacked and not installed: no script of a package runs. That is enough for gcc, make and the
/// programs of kbuild, which are started in it by chroot(8) in a mount namespace of their own; so nothing stays mounted.
struct BuildRoot {
  /// The directory.
  let path: String
  /// The path of the file that keeps the output of programs.
  let log: String

  /// The programs that kbuild and gcc need besides what the packages depend on.
  static let tools = [
    "base-files", "bash", "coreutils", "dash", "diffutils", "findutils", "gcc", "grep", "make", "mawk", "perl-base",
    "sed",
  ]

  /// Unpacks packages.
  /// - Parameters:
  ///   - packages: the paths of their files.
  ///   - path: the directory, which is made.
  /// - Throws: ``SourceError`` where a package cannot be unpacked.
  init(_ packages: [String], in path: String, log: String) throws(SourceError) {
    self.path = path
    self.log = log
    for directory in ["dev", "proc", "tmp", "usr/bin", "usr/lib", "usr/lib64", "usr/sbin"] {
      try HostFiles.makeDirectory("\(path)/\(directory)")
    }
    // Up to Debian 12 packages have files in the first ones; base-files does not make the links when it is unpacked.
    for name in ["bin", "lib", "lib64", "sbin"] { try link("usr/\(name)", at: name) }
    for package in packages { try unpack(package) }
    // Debian's alternatives are links that a script of the package makes.
    try link("mawk", at: "usr/bin/awk")
  }

  /// Unpacks a package; directories that are links to directories stay links.
  func unpack(_ package: String) throws(SourceError) {
    try HostProgram(
      step: "unpack a package", name: "sh",
      options: [
        "-c",
        "set -e; dpkg-deb --fsys-tarfile \"$0\" > \"$1/package.tar\"; "
          + "tar -xf \"$1/package.tar\" --keep-directory-symlink --no-same-owner -C \"$1\"; rm \"$1/package.tar\"",
      ],
      arguments: [package, path], remedy: "build again", package: "dpkg"
    ).run(log: log, within: 300)
  }

  /// A program of the release, started in the directory as its root.
  /// - Parameters:
  ///   - step: the step, for messages.
  ///   - arguments: the program and its arguments.
  ///   - remedy: the remedy if it fails.
  func program(_ step: String, _ arguments: [String], remedy: String) -> HostProgram {
    // Without root the mount needs a user namespace.
    let namespaces = geteuid() == 0 ? ["--mount"] : ["--mount", "--map-root-user"]
    // objtool reads /proc/self.
    let mounts =
      "mount --rbind /dev \"$0/dev\" && mount --rbind /proc \"$0/proc\" && mount -t tmpfs tmp \"$0/tmp\" && "
      + "exec chroot \"$0\" \"$@\""
    return HostProgram(
      step: step, name: "unshare", options: namespaces + ["sh", "-c", mounts, path], arguments: arguments,
      environment: ["LC_ALL": "C", "TMPDIR": "/tmp", "PATH": "/usr/sbin:/usr/bin"], remedy: remedy,
      package: "util-linux")
  }

  private func link(_ target: String, at name: String) throws(SourceError) {
    let place = "\(path)/\(name)"
    guard (try? FileManager.default.attributesOfItem(atPath: place)) == nil else { return }
    try HostFiles.told("link \(place)") {
      try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: target)
    }
  }
}
