import Glibc

/// Directories in the temporary directory that belong to one process, `abi-compare-SCOPE-PID-STARTTIME-…`.
///
/// The temporary directory is everybody's: whoever can guess a name can put something else there. So only a directory
/// of this user that nobody else can enter is touched, through descriptors, and no link is followed.
public enum OwnedDirectory {
  /// The parent directory: `TMPDIR`, or `/tmp` if it is missing or empty.
  public static var parent: String {
    let chosen = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    return chosen.isEmpty ? "/tmp" : chosen
  }

  /// The path to give to mkdtemp(3).
  public static var template: String { "\(parent)/\(RunOwner.current.name("XXXXXX"))" }

  /// The paths of directories whose owners are of another boot, PID namespace or time namespace: nothing here shows
  /// whether they live, so they are left alone.
  public static var elsewhere: [String] {
    RunOwner.owned(in: parent).filter { $0.owner.state == .elsewhere }.map { "\(parent)/\($0.name)" }
  }

  /// Removes the directories of dead owners.
  /// - Parameter empty: removes what it knows of the directory that is open as this descriptor; one that has something
  ///   else in it stays.
  /// - Returns: the paths of those that were removed.
  public static func removeAbandoned(_ empty: (Int32) -> Void) -> [String] {
    RunOwner.abandoned(in: parent).map { "\(parent)/\($0)" }.filter { path in
      guard let directory = open(AT_FDCWD, path) else { return false }
      defer { close(directory) }
      empty(directory)
      return rmdir(path) == 0
    }
  }

  /// Removes a directory in one that is open, with the files in it; where there is something else in it, it stays.
  public static func removeFiles(in name: String, of directory: Int32) {
    let descriptor = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    removeFiles(of: descriptor)
    close(descriptor)
    unlinkat(directory, name, AT_REMOVEDIR)
  }

  /// Removes the files in a directory that is open; directories in it stay.
  public static func removeFiles(of descriptor: Int32) {
    // The stream closes what it is given.
    let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard own >= 0, let stream = fdopendir(own) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: 256) { _ = unlinkat(descriptor, $0, 0) }
      }
    }
  }

  /// Opens a directory that belongs to this user and to nobody else (mode 0700).
  /// - Returns: a descriptor; `nil` where it is not one.
  public static func open(_ parent: Int32, _ name: String) -> Int32? {
    let descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o7777 == 0o700 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }
}
