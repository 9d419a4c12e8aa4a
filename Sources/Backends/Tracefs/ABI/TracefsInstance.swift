import Glibc
import Platform
import SubbufferSource
import Synchronization
import SystemPackage

/// A tracing instance of one's own: `instances/abi-compare-SCOPE-PID-START-N`, with buffers and options apart from the
/// top-level ones, which are never touched.
///
/// Its `tracing_on` is open as long as the instance is in use. The kernel counts that as a reference and refuses every
/// `rmdir` with `EBUSY`, so nobody can remove the instance under its owner: no process of another namespace, and no
/// person. Not every file counts: those in `options/` of Linux 6.18 do not, and a write to one of a removed instance
/// ends in a NULL dereference in the kernel.
///
/// It is removed by ``remove()``, and at the latest with the last reference to it. Whatever has a file in it open must
/// be closed before.
public final class TracefsInstance: Sendable {
  /// The name below `instances/`.
  public let name: String
  /// The full path.
  public let path: String

  private let isRemoved = Atomic(false)
  /// The open `tracing_on`; -1 after ``remove()`` closed it.
  private let reference: Atomic<Int32>
  private static let serial = Atomic<Int>(0)

  /// Makes an instance.
  /// - Throws: ``SourceError`` where `mkdir` is refused, or a new instance cannot be held.
  public init(in tracefs: Tracefs) throws(SourceError) {
    var attempts = 16
    while true {
      attempts -= 1
      let number = TracefsInstance.serial.add(1, ordering: .relaxed).newValue
      let name = RunOwner.current.name("\(number)")
      let path = "\(tracefs.root)/instances/\(name)"
      // The name may be taken only if /proc shows no scope.
      guard try TracefsInstance.make(path, in: tracefs, orExists: attempts > 0) else { continue }
      let descriptor = open("\(path)/tracing_on", O_RDONLY | O_CLOEXEC)
      if descriptor >= 0 {
        self.name = name
        self.path = path
        reference = Atomic(descriptor)
        return
      }
      // A run of another namespace may remove an instance before it is held.
      guard errno == ENOENT || errno == ENODEV, attempts > 0 else {
        let error = SourceError.failed("open", "\(path)/tracing_on", remedy: "see ls \(path)")
        rmdir(path)
        throw error
      }
      rmdir(path)
    }
  }

  /// Makes the directory.
  /// - Returns: `false` if it exists and `orExists` allows that.
  private static func make(_ path: String, in tracefs: Tracefs, orExists: Bool) throws(SourceError) -> Bool {
    guard mkdir(path, 0o750) == 0 else {
      let code = Glibc.errno
      if code == EEXIST, orExists { return false }
      let remedy =
        switch code {
        case EACCES, EPERM: "run as root: sudo abi-compare run --backend tracefs"
        case ENOENT: "the kernel has no tracing instances here; is tracefs mounted at \(tracefs.root)?"
        case ENOMEM, ENOSPC: "remove instances that are not used: ls \(tracefs.root)/instances"
        case EROFS: "tracefs is mounted read-only: mount -o remount,rw \(tracefs.root)"
        default: "see ls \(tracefs.root)/instances"
        }
      throw SourceError(call: "mkdir \(path)", errno: Errno(rawValue: code), remedy: remedy)
    }
    return true
  }

  deinit {
    if !isRemoved.load(ordering: .relaxed) { try? remove() }
  }

  /// Removes the instance.
  ///
  /// A process that another thread is just starting has copies of this one's descriptors until its exec, and nothing
  /// tells when they are gone: so `EBUSY` is asked again for a second.
  /// - Throws: ``SourceError`` with `EBUSY` where a file in it stays open.
  public func remove() throws(SourceError) {
    let held = reference.exchange(-1, ordering: .relaxed)
    if held >= 0 { close(held) }
    var attempts = 0
    while rmdir(path) != 0 {
      // A run of another namespace may remove it once it is not held.
      if errno == ENOENT { break }
      attempts += 1
      guard errno == EBUSY, attempts < 200 else {
        throw .failed("rmdir", path, remedy: "close all open files of the instance, then rmdir it")
      }
      usleep(5_000)
    }
    isRemoved.store(true, ordering: .relaxed)
  }

  /// The text of a file of the instance.
  /// - Throws: ``SourceError`` with the path and the errno.
  public func text(_ file: String) throws(SourceError) -> String {
    try TextFile.read("\(path)/\(file)")
  }

  /// Writes a file of the instance.
  /// - Throws: ``SourceError`` with the path, the value and the errno; of kind `usage` after ``remove()``.
  public func set(_ file: String, _ value: String) throws(SourceError) {
    guard reference.load(ordering: .relaxed) >= 0 else {
      throw SourceError(
        .usage, call: "write '\(value)' to \(path)/\(file)", detail: "the instance is removed",
        remedy: "set options before remove()")
    }
    try TextFile.write(value, to: "\(path)/\(file)", remedy: "the kernel refused this value for the instance")
  }

  /// The counters of `per_cpu/cpuN/stats`.
  /// - Throws: ``SourceError`` where the file cannot be read or lacks a counter.
  public func stats(cpu: Int) throws(SourceError) -> CPUStats {
    try CPUStats(parsing: text("per_cpu/cpu\(cpu)/stats"))
  }

  /// Removes the instances of dead owners, and those of other namespaces that the kernel lets go: an owner that lives
  /// holds its instance.
  /// - Returns: the names of those that were removed.
  @discardableResult
  public static func removeAbandoned(in tracefs: Tracefs) -> [String] {
    let instances = "\(tracefs.root)/instances"
    return RunOwner.owned(in: instances).filter { $0.owner.state != .alive }.map(\.name)
      .filter { rmdir("\(instances)/\($0)") == 0 }
  }
}

/// The counters of `per_cpu/cpuN/stats`, since the instance was made or its trace cleared.
public struct CPUStats: Sendable, Equatable {
  /// Events in the ring buffer that were not read.
  public var entries: UInt64
  /// Events that were overwritten before they were read.
  public var overrun: UInt64
  /// Events lost since a commit was interrupted for longer than the whole ring buffer.
  public var commitOverrun: UInt64
  /// Events that the writer dropped, with `overwrite` off.
  public var droppedEvents: UInt64
  /// Events that were read.
  public var readEvents: UInt64

  /// The counters by their values.
  public init(entries: UInt64, overrun: UInt64, commitOverrun: UInt64, droppedEvents: UInt64, readEvents: UInt64) {
    self.entries = entries
    self.overrun = overrun
    self.commitOverrun = commitOverrun
    self.droppedEvents = droppedEvents
    self.readEvents = readEvents
  }

  /// Reads the text of the file, one `name: value` a line.
  /// - Throws: ``SourceError`` of kind `unknownFormat` where a counter is missing.
  public init(parsing text: String) throws(SourceError) {
    var values: [Substring: UInt64] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { values[parts[0]] = UInt64(parts[1].drop { $0 == " " }) }
    }
    func value(_ name: Substring) throws(SourceError) -> UInt64 {
      guard let value = values[name] else {
        throw SourceError(
          .unknownFormat, call: "read per_cpu/cpuN/stats", detail: "no counter '\(name)'",
          remedy: "report it: the format of this kernel's file is unknown")
      }
      return value
    }
    entries = try value("entries")
    overrun = try value("overrun")
    commitOverrun = try value("commit overrun")
    droppedEvents = try value("dropped events")
    readEvents = try value("read events")
  }
}
