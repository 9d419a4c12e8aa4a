import CPlatform
import Glibc
import Platform
import Study
import SubbufferSource
import Synchronization
import SystemPackage
import TracefsABI

/// An event of a tracefs instance whose writer is interrupted between reserve and commit by others.
///
/// The event is `writeback:writeback_mark_inode_dirty`, which a change of mode of a file of the instance writes. Its
/// assignment calls `bdi_dev_name()` (include/trace/events/writeback.h, TP_fast_assign), on which kprobe events are defined
/// whose own events need more than half a sub-buffer each. They are in the kernel's global list and stay there: a removal
/// clears the ring buffers that recorded them (kernel/trace/trace_dynevent.c, dyn_event_release). So this is for a machine
/// booted for it. A second instance records the kprobe events too: that takes the time in which a reader on another CPU can
/// look at the uncommitted event.
struct InterruptedWrite {
  /// The number of kprobe events: some milliseconds on an emulated CPU.
  static let count = 400

  private static let group = "abi_compare"
  private static let function = "bdi_dev_name"
  /// Five arrays of 64 words of 8 bytes, which are read from the stack.
  private static let arguments = (0..<5).map { " a\($0)=+0(%sp):x64[64]" }.joined()
  private static let isDefined = Mutex(false)

  private let instance: TracefsInstance
  private let delaying: TracefsInstance
  private let cpu: Int

  /// Defines the events, if they are not defined, and enables them.
  init(_ ring: TracefsRing) throws(SourceError) {
    instance = ring.instance
    cpu = ring.cpu
    delaying = try TracefsInstance(in: ring.tracefs)
    let defined = InterruptedWrite.isDefined.withLock { isDefined in
      Result { () throws(SourceError) in
        if !isDefined { try InterruptedWrite.define(in: ring.tracefs) }
        isDefined = true
      }
    }
    try defined.get()
    for instance in [instance, delaying] { try instance.set("events/\(Self.group)/enable", "1") }
  }

  private static func define(in tracefs: Tracefs) throws(SourceError) {
    let path = "\(tracefs.root)/kprobe_events"
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw SourceError(call: "open \(path)", errno: Errno(rawValue: errno)) }
    defer { close(descriptor) }
    for number in 0..<count {
      let line = "p:\(group)/inside\(number) \(function)\(arguments)\n"
      guard write(descriptor, line, line.utf8.count) == line.utf8.count else {
        throw SourceError(call: "define a kprobe event on \(function)", errno: Errno(rawValue: errno))
      }
    }
  }

  /// Writes the event on the writer's CPU, and calls `body` on another CPU when one of the others has been written: before the
  /// event is committed, if `body` is fast.
  func callAsFunction(
    seenBy mapping: TracefsMapping, _ body: () throws(SourceError) -> Void
  ) throws(SourceError) {
    guard let other = CPUPlacement.allowed.first(where: { $0 != cpu }) else {
      throw SourceError(
        .unavailable, call: "look at an uncommitted event", detail: "this process may run on one CPU only",
        remedy: "use a machine with two CPUs")
    }
    let writer = try ModeChange(instance)
    try onCPU(other) { () throws(SourceError) in
      let words = mapping.timestampAddresses
      let before = words.map { $0.load(as: UInt64.self) }
      let thread = try startThread { [cpu] in writer.change(on: cpu) }
      defer { pthread_join(thread, nil) }
      let limit = ContinuousClock.now + .seconds(10)
      while !words.indices.contains(where: { words[$0].load(as: UInt64.self) != before[$0] }) {
        let code = writer.failure.load(ordering: .acquiring)
        if code != 0 { throw SourceError(call: "enable an event, and fchmod", errno: Errno(rawValue: code)) }
        guard ContinuousClock.now < limit else {
          throw SourceError(call: "wait for an interrupted write", detail: "no event was written within 10 s")
        }
      }
      try body()
    }
  }
}

/// The change of a file's mode by a thread of its own.
private final class ModeChange: Sendable {
  /// The errno of what failed; 0 if nothing did.
  let failure = Atomic<Int32>(0)
  private let file: Int32
  private let event: Int32

  init(_ instance: TracefsInstance) throws(SourceError) {
    // A file that is opened with O_TRUNC marks its inode dirty.
    file = open("\(instance.path)/trace_marker_raw", O_WRONLY | O_CLOEXEC)
    event = open("\(instance.path)/events/writeback/writeback_mark_inode_dirty/enable", O_WRONLY | O_CLOEXEC)
    guard file >= 0, event >= 0 else {
      throw SourceError(call: "open files of \(instance.path)", errno: Errno(rawValue: errno))
    }
  }

  deinit {
    close(file)
    close(event)
  }

  /// Enables the event for the time of the call only: everything that marks an inode dirty writes it.
  func change(on cpu: Int) {
    let isDone =
      cprocess_pin(Int32(cpu)) == 0 && write(event, "1", 1) == 1 && fchmod(file, 0o200) == 0
      && write(event, "0", 1) == 1
    if !isDone { failure.store(errno, ordering: .releasing) }
  }
}

extension TracefsMapping {
  /// The addresses of the time stamps of all sub-buffers, the first words of their headers.
  fileprivate var timestampAddresses: [UnsafeRawPointer] {
    (0..<UInt32(geometry.subbufferCount)).compactMap { ring.unsafeSubbuffer($0) }
  }
}

extension TracefsRing {
  /// Has an event's writer interrupted by others, and calls `body` while the event is uncommitted.
  /// - Returns: the number of events of the others.
  package func writeInterrupted(
    seenBy mapping: TracefsMapping, _ body: () throws(SourceError) -> Void
  ) throws(SourceError) -> UInt64 {
    try InterruptedWrite(self)(seenBy: mapping, body)
    return UInt64(InterruptedWrite.count)
  }
}
