import Glibc
import Platform
import SubbufferSource
import Synchronization
import SystemPackage
import TracefsABI

/// A trace event at the function of the probed writer that takes the sequence number and the text: a line of the file
/// `uprobe_events` of tracefs (Documentation/trace/uprobetracer.rst).
///
///     p:abi_compare_SCOPE_PID_START/eN PATH:0xOFFSET seq=%di:u64 text=+0(%si):string
///
/// The group names the process that made it, as the name of a tracing instance does. Each ring buffer has an event of its own
/// at the same place: one event cannot be enabled for a tracing instance and for perf at once.
///
/// The bytes of the event, as `format` describes them:
///
///      0        8            16         24        28
///      +--------+------------+----------+---------+--------------+
///      | common | __probe_ip | seq u64  | loc u32 | text and NUL |
///      +--------+------------+----------+---------+--------------+
///
/// ``remove()`` removes it, or else the end of the last reference to it. Everything that records it must be closed
/// before.
public final class UprobeEvent: Sendable {
  /// `abi_compare_…/eN`: group and name.
  public let name: String
  /// The number of the event, which is `common_type` of each of its records, and `config` of `perf_event_open`.
  public let id: UInt16
  /// The offset of the sequence number in the event's bytes.
  public let sequenceOffset: Int
  private let tracefs: Tracefs
  private let isRemoved = Atomic(false)
  private static let serial = Atomic<Int>(0)

  /// The size of the fields before the text, in bytes.
  package static let fixedSize = 28
  /// The longest text: `MAX_STRING_SIZE` of kernel/trace/trace_probe.h, less the other fields of an event.
  package static let longestText = 4_000

  /// The name of the probed writer's function.
  private static let function = "abi_compare_emit"

  /// The registers of the first two arguments of a function.
  private static var arguments: (first: String, second: String) {
    #if arch(arm64)
      ("%x0", "%x1")
    #else
      ("%di", "%si")
    #endif
  }

  /// Defines an event at the function of a program.
  /// - Throws: ``SourceError`` if the program lacks the function, or the kernel refuses the probe.
  public init(in tracefs: Tracefs, program: String) throws(SourceError) {
    let symbol = try ProgramSymbol(UprobeEvent.function, inFile: program)
    let number = UprobeEvent.serial.add(1, ordering: .relaxed).newValue
    name = "\(UprobeEvent.group(of: .current))/e\(number)"
    self.tracefs = tracefs
    let place = "\(program):0x\(String(symbol.fileOffset, radix: 16))"
    let arguments = UprobeEvent.arguments
    do throws(SourceError) {
      try UprobeEvent.append(
        "p:\(name) \(place) seq=\(arguments.first):u64 text=+0(\(arguments.second)):string\n", in: tracefs)
    } catch {
      var refusal = error
      refusal.remedy = UprobeEvent.remedy(for: error.errno, program: program)
      throw refusal
    }
    do throws(SourceError) {
      let format = try EventFormat(tracefs.text("events/\(name)/format"))
      guard let sequence = format.fields.first(where: { $0.name == "seq" }), sequence.size == 8,
        let text = format.fields.first(where: { $0.name == "text" }), text.offset + 4 == UprobeEvent.fixedSize
      else {
        throw SourceError(
          .unknownFormat, call: "read events/\(name)/format", detail: "fields \(format.fields.map(\.name))",
          remedy: "report it: the layout of this kernel's uprobe events is unknown")
      }
      id = format.id
      sequenceOffset = sequence.offset
    } catch {
      try? UprobeEvent.append("-:\(name)\n", in: tracefs)
      throw error
    }
  }

  private static func file(in tracefs: Tracefs) -> String { "\(tracefs.root)/uprobe_events" }

  private static func append(_ line: String, in tracefs: Tracefs, remedy: String = "") throws(SourceError) {
    let lock = try TraceEventsLock(tracefs, .exclusive)
    try TextFile.append(line, to: file(in: tracefs), remedy: remedy)
    _ = consume lock
  }

  /// The remedy for a refusal to define an event at a function of a program.
  static func remedy(for errno: Errno?, program: String) -> String {
    switch errno {
    case .permissionDenied, .notPermitted:
      "run as root; a kernel in lockdown refuses probes: cat /sys/kernel/security/lockdown"
    case .noSuchFileOrDirectory:
      "use a kernel with CONFIG_UPROBE_EVENTS, and mount its tracefs: \(Tracefs.mountCommand)"
    case .invalidArgument, .ioError, .notSupportedOnSocket:
      "copy the programs to a file system of a disk: a probe cannot be put into a file of this one; see stat -f \(program)"
    case .noSpace, .noMemory: "remove events that are not used: see uprobe_events of tracefs"
    default: "see error_log of tracefs"
    }
  }

  deinit {
    if !isRemoved.load(ordering: .relaxed) { try? remove() }
  }

  /// Removes the event.
  ///
  /// The kernel releases a closed perf event later, and a process that another thread is just starting has copies of the
  /// descriptors until its exec; neither can be awaited. So `EBUSY` is asked again for a second.
  /// - Throws: ``SourceError`` with `EBUSY` if something still records it.
  public func remove() throws(SourceError) {
    var attempts = 200
    while true {
      do throws(SourceError) {
        try UprobeEvent.append(
          "-:\(name)\n", in: tracefs, remedy: "end what records the event, then remove it from uprobe_events")
        break
      } catch {
        attempts -= 1
        if error.errno == .noSuchFileOrDirectory { break }
        guard error.errno == .resourceBusy, attempts > 0 else { throw error }
        usleep(5_000)
      }
    }
    isRemoved.store(true, ordering: .relaxed)
  }

  /// The size of an event in bytes, before any alignment.
  /// - Parameter payload: the bytes of the text, without the NUL.
  package static func size(payload: UInt32) -> Int { fixedSize + Int(payload) + 1 }

  /// The name of the group of a process: that of its other objects, with the characters that a group may have.
  static func group(of owner: RunOwner) -> String {
    owner.name("").replacing("-", with: "_").replacing(".", with: "_")
  }

  /// Removes the events of dead processes.
  /// - Returns: their names.
  @discardableResult
  package static func removeAbandoned(in tracefs: Tracefs) -> [String] {
    guard let text = try? TextFile.read(file(in: tracefs)) else { return [] }
    return text.split(separator: "\n").compactMap { line -> String? in
      // p:GROUP/NAME PATH:0xOFFSET ...
      guard line.hasPrefix("p:"), let end = line.firstIndex(of: " ") else { return nil }
      let name = line[line.index(line.startIndex, offsetBy: 2)..<end]
      guard let slash = name.firstIndex(of: "/"), let owner = owner(ofGroup: name[..<slash]), owner.state == .dead,
        (try? append("-:\(name)\n", in: tracefs)) != nil
      else { return nil }
      return String(name)
    }
  }

  /// The process of a group, by the inverse of ``group(of:)``.
  static func owner(ofGroup group: Substring) -> RunOwner? {
    let parts = group.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 8 || parts.count == 6 else { return nil }
    // abi_compare_BOOT_PIDNS_TIMENS_PID_START_, or abi_compare_unknown_PID_START_
    let scope = parts[2..<(parts.count - 3)].joined(separator: ".")
    let name = "abi-compare-\(scope)-\(parts[parts.count - 3])-\(parts[parts.count - 2])-"
    return RunOwner(inName: name)
  }
}
