import CBPFRing
import Glibc
import SubbufferSource
import SystemPackage

/// A program at a uprobe that records a trace event of a process into a ring buffer, with the memory that it shares with this
/// process.
///
/// The ABI has no count of what did not fit, so the program counts it itself. The record that it writes:
///
///      0          8            16
///      +----------+------------+---- ~ ---+
///      | time u64 | seq u64    | text NUL |
///      +----------+------------+---- ~ ---+
///
/// Everything goes with the last reference.
public final class BPFRecorder {
  /// The way in which a program writes a record.
  public enum Writing: Sendable, Equatable {
    /// `bpf_ringbuf_output` of a copy, with the text.
    case output
    /// `bpf_ringbuf_reserve`, the time and the sequence number, and `bpf_ringbuf_submit`; there is no text. Between the
    /// two the clock is read so many times.
    case reserve(pause: Int32)
    /// The same without a pause; a record with an odd sequence number is discarded (`bpf_ringbuf_discard`).
    case discardOdd
  }

  /// The bytes of a record's data before the text.
  public static let fixedSize = 16
  /// The longest text, in bytes without the NUL.
  public static let longestText = 4_000

  private let program: BPFProgram
  private let shared: BPFMap
  private let words: UnsafeMutablePointer<UInt64>
  private let pageSize: Int
  private let event: Int32

  /// The places in the shared memory, in bytes.
  private enum Shared {
    static let refused: Int16 = 0
    static let recorded: Int16 = 8
    static let threshold: Int16 = 16
  }

  /// Loads the program, and runs it from now on at each occurrence of a trace event in a process.
  ///
  /// The calls are `bpf`, `perf_event_open`, and the ioctls `PERF_EVENT_IOC_SET_BPF` and `PERF_EVENT_IOC_ENABLE`.
  /// - Parameter event: the id of the trace event, of a uprobe.
  /// - Throws: ``SourceError`` where one fails.
  public init(
    into ring: BPFRing, event: UInt64, process: Int32, writing: Writing = .output
  ) throws(SourceError) {
    let shared = try BPFMap(.mappedArray, keySize: 4, valueSize: 24, entries: 1)
    let scratch = try BPFMap(
      .arrayOfEachCPU, keySize: 4, valueSize: UInt32(BPFRecorder.fixedSize + BPFRecorder.longestText + 1), entries: 1)
    let program = try BPFProgram(BPFRecorder.instructions(writing, ring.map, shared: shared, scratch: scratch))
    let descriptor = cbpfring_open_event(event, process)
    guard descriptor >= 0 else {
      throw SourceError(
        call: "perf_event_open", errno: Errno(rawValue: -descriptor), remedy: "run as root, or with CAP_PERFMON")
    }
    do throws(SourceError) {
      let attached = cbpfring_set_program(descriptor, program.descriptor.rawValue)
      guard attached == 0 else {
        throw SourceError(
          call: "PERF_EVENT_IOC_SET_BPF", errno: Errno(rawValue: -attached),
          remedy: "use a kernel with CONFIG_BPF_EVENTS and CONFIG_UPROBE_EVENTS")
      }
      let enabled = cbpfring_enable(descriptor)
      guard enabled == 0 else {
        throw SourceError(call: "PERF_EVENT_IOC_ENABLE", errno: Errno(rawValue: -enabled))
      }
      words = try shared.map(length: ring.pageSize, offset: 0, isWritable: true).assumingMemoryBound(to: UInt64.self)
    } catch {
      close(descriptor)
      throw error
    }
    pageSize = ring.pageSize
    self.program = program
    self.shared = shared
    self.event = descriptor
  }

  deinit {
    close(event)
    munmap(words, pageSize)
  }

  /// The number of events that found no room: the program's own count.
  public var refused: UInt64 { word(Shared.refused) }

  /// The number of events that were written: the program's own count.
  public var recorded: UInt64 { word(Shared.recorded) }

  /// The amount of unread data, in bytes, from which on each record wakes up a reader, and below which none does
  /// (`BPF_RB_FORCE_WAKEUP`, `BPF_RB_NO_WAKEUP`); 0 for the kernel's own choice, a wake-up by a record that a reader is to
  /// read next.
  public var wakeupThreshold: UInt64 {
    get { word(Shared.threshold) }
    set { cbpfring_store_shared(words + Int(Shared.threshold) / 8, newValue) }
  }

  private func word(_ offset: Int16) -> UInt64 { cbpfring_load_shared(words + Int(offset) / 8) }

  /// The registers of the first two arguments of a function in `struct pt_regs`, as offsets.
  private static var arguments: (first: Int16, second: Int16) {
    #if arch(arm64)
      (0, 8)
    #else
      (112, 104)
    #endif
  }

  private static func instructions(
    _ writing: Writing, _ ring: BPFMap, shared: BPFMap, scratch: BPFMap
  ) -> [UInt64] {
    var code = BPFAssembler()
    let (refused, counted, out) = (code.label(), code.label(), code.label())
    code.move(.r6, .r1)
    code.value(.r9, of: shared)
    switch writing {
    case .output: output(&code, ring, scratch, refused: refused, out: out)
    case .reserve(let pause): reserve(&code, ring, pause: pause, discardsOdd: false, refused: refused)
    case .discardOdd: reserve(&code, ring, pause: 0, discardsOdd: true, refused: refused)
    }
    code.move(.r1, 1)
    code.atomicAdd(.r9, Shared.recorded, .r1)
    code.jump(counted)
    code.place(refused)
    code.move(.r1, 1)
    code.atomicAdd(.r9, Shared.refused, .r1)
    code.place(counted)
    code.place(out)
    code.move(.r0, 0)
    code.exit()
    return code.encoded
  }

  /// A copy of the event, in memory of this CPU, and its output.
  private static func output(
    _ code: inout BPFAssembler, _ ring: BPFMap, _ scratch: BPFMap, refused: BPFAssembler.Label, out: BPFAssembler.Label
  ) {
    code.storeWord(.r10, -4, 0)
    code.map(.r1, scratch)
    code.move(.r2, .r10)
    code.addTo(.r2, -4)
    code.call(.mapLookupElement)
    code.jump(out, if: .r0, .equal, 0)
    code.move(.r7, .r0)

    fill(&code, .r7)
    code.move(.r1, .r7)
    code.addTo(.r1, Int32(fixedSize))
    code.move(.r2, Int32(longestText + 1))
    code.load(.r3, .r6, arguments.second)
    code.call(.probeReadUserString)
    // The length with the NUL; a text that cannot be read is left out.
    code.move(.r8, .r0)
    let isText = code.label()
    code.jump(isText, if: .r8, .signedGreater, 0)
    code.move(.r8, 0)
    code.place(isText)
    code.jump(out, if: .r8, .greater, Int32(longestText + 1))
    code.addTo(.r8, Int32(fixedSize))

    let (flagged, adaptive) = (code.label(), code.label())
    code.move(.r4, 0)
    code.load(.r1, .r9, Shared.threshold)
    code.jump(adaptive, if: .r1, .equal, 0)
    code.map(.r1, ring)
    code.move(.r2, availableData)
    code.call(.ringbufQuery)
    code.load(.r1, .r9, Shared.threshold)
    code.move(.r4, noWakeup)
    code.jump(flagged, if: .r0, .less, .r1)
    code.move(.r4, forceWakeup)
    code.place(flagged)
    code.place(adaptive)
    code.map(.r1, ring)
    code.move(.r2, .r7)
    code.move(.r3, .r8)
    code.call(.ringbufOutput)
    code.jump(refused, if: .r0, .different, 0)
  }

  /// Room, the time and the sequence number, a pause, and the commit.
  private static func reserve(
    _ code: inout BPFAssembler, _ ring: BPFMap, pause: Int32, discardsOdd: Bool, refused: BPFAssembler.Label
  ) {
    code.map(.r1, ring)
    code.move(.r2, Int32(fixedSize))
    code.move(.r3, 0)
    code.call(.ringbufReserve)
    code.jump(refused, if: .r0, .equal, 0)
    code.move(.r7, .r0)
    fill(&code, .r7)
    if pause > 0 {
      let again = code.label()
      code.move(.r8, 0)
      code.place(again)
      code.call(.ktimeGetNanoseconds)
      code.addTo(.r8, 1)
      code.jump(again, if: .r8, .less, pause)
    }
    let (discard, isCommitted) = (code.label(), code.label())
    if discardsOdd {
      code.load(.r1, .r6, arguments.first)
      code.jump(discard, if: .r1, .bitSet, 1)
    }
    code.move(.r1, .r7)
    code.move(.r2, 0)
    code.call(.ringbufSubmit)
    if discardsOdd {
      code.jump(isCommitted)
      code.place(discard)
      code.move(.r1, .r7)
      code.move(.r2, 0)
      code.call(.ringbufDiscard)
    }
    code.place(isCommitted)
  }

  /// Stores the time and the sequence number at an address.
  private static func fill(_ code: inout BPFAssembler, _ address: BPFAssembler.Register) {
    code.call(.ktimeGetNanoseconds)
    code.store(address, 0, .r0)
    code.load(.r1, .r6, arguments.first)
    code.store(address, 8, .r1)
  }

  /// `BPF_RB_AVAIL_DATA`, `BPF_RB_NO_WAKEUP` and `BPF_RB_FORCE_WAKEUP` of include/uapi/linux/bpf.h.
  private static let availableData: Int32 = 0
  private static let noWakeup: Int32 = 1
  private static let forceWakeup: Int32 = 2
}
