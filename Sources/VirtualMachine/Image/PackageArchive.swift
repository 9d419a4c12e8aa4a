import Foundation
import Study
import SubbufferSource

/// Debian's archive, as apt reads it with a state of its own: nothing of the host's package state is read or changed.
struct PackageArchive {
  private let directory: String
  private let log: String
  private let options: [String]
  private let suites: [String]

  /// The archive that is read where no other is named.
  static let defaultMirror = "http://deb.debian.org/debian"
  private static let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
  private static let remedy =
    "look whether the archive can be reached from here; --mirror names another, http_proxy a proxy"

  /// Prepares a state.
  ///
  /// The lists of packages are kept in it: an update fetches those that changed. Their signatures are checked, and their
  /// `Valid-Until` is not: a suite whose Release file expired still has its kernels.
  /// - Parameters:
  ///   - directory: where it lies; it is made.
  ///   - mirror: the address of the archive.
  ///   - suites: the suites that are read.
  init(in directory: String, mirror: String, suites: [String]) throws(SourceError) {
    self.directory = directory
    self.suites = suites
    log = "\(directory)/apt.log"
    for name in ["etc", "lists/partial", "cache/archives/partial"] {
      try HostFiles.makeDirectory("\(directory)/\(name)")
    }
    let list = "\(directory)/etc/\(suites.joined(separator: "+")).list"
    let lines = suites.map { "deb [signed-by=\(PackageArchive.keyring)] \(mirror) \($0) main\n" }
    try HostFiles.write(Data(lines.joined().utf8), to: list)
    options = [
      "Dir::Etc::SourceList=\(list)", "Dir::Etc::SourceParts=/dev/null",
      "Dir::State::Lists=\(directory)/lists", "Dir::Cache=\(directory)/cache", "Dir::State::status=/dev/null",
      "Dir::Cache::pkgcache=", "Dir::Cache::srcpkgcache=", "APT::Get::List-Cleanup=false",
      "Dir::Etc::Preferences=/dev/null", "Dir::Etc::PreferencesParts=/dev/null", "APT::Architecture=amd64",
      "APT::Sandbox::User=root", "APT::Update::Error-Mode=any", "Acquire::Check-Valid-Until=false",
    ].flatMap { ["-o", $0] }
  }

  /// Fetches the lists of packages.
  /// - Throws: ``SourceError`` where they cannot be had.
  func update() throws(SourceError) {
    guard FileManager.default.fileExists(atPath: PackageArchive.keyring) else {
      throw SourceError(
        .unavailable, call: "fetch the lists of packages", detail: "\(PackageArchive.keyring) is missing",
        remedy: "apt-get install debian-archive-keyring")
    }
    try program("fetch the lists of packages of \(suites.joined(separator: ", "))", "apt-get", ["update"]).run(
      log: log, within: 300
    ) {
      $0.hasPrefix("E:")
    }
  }

  /// The names of all packages that begin so.
  func names(beginningWith prefix: String) throws(SourceError) -> [String] {
    try program("list packages", "apt-cache", ["pkgnames", prefix]).lines(within: 60)
  }

  /// Fetches packages.
  /// - Parameter packages: their names, each with `/SUITE` where more than one suite has it.
  /// - Returns: the paths of their files.
  func download(_ packages: [String], to place: String) throws(SourceError) -> [String] {
    try HostFiles.makeDirectory(place)
    var download = program("fetch packages", "apt-get", ["download"] + packages)
    download.directory = place
    try download.run(log: log, within: 900) { $0.hasPrefix("E:") }
    return PackageArchive.packages(in: place)
  }

  /// Fetches packages and all that they depend on.
  /// - Parameter packages: their names, each with `/SUITE` where more than one suite has it.
  /// - Returns: the paths of their files.
  func downloadAll(_ packages: [String], to place: String) throws(SourceError) -> [String] {
    try HostFiles.makeDirectory("\(place)/partial")
    let options = ["--download-only", "--no-install-recommends", "-y", "-o", "Dir::Cache::archives=\(place)"]
    try program("fetch packages and their dependencies", "apt-get", ["install"] + options + packages)
      .run(log: log, within: 1_800) { $0.hasPrefix("E:") }
    return PackageArchive.packages(in: place)
  }

  private static func packages(in place: String) -> [String] {
    HostFiles.names(in: place).filter { $0.hasSuffix(".deb") }.map { "\(place)/\($0)" }
  }

  private func program(_ step: String, _ name: String, _ arguments: [String]) -> HostProgram {
    HostProgram(
      step: step, name: name, options: options, arguments: arguments, environment: ["LC_ALL": "C"],
      remedy: PackageArchive.remedy, package: "apt")
  }
}
