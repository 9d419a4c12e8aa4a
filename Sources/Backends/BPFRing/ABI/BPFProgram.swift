import CBPFRing
import Glibc
import SubbufferSource
import SystemPackage

/// A program of the kernel's virtual machine, in the kernel. It is closed with the last reference.
public final class BPFProgram: Sendable {
  /// The descriptor.
  public let descriptor: FileDescriptor

  /// Loads a program of type KPROBE. The call is `bpf` with `BPF_PROG_LOAD`.
  /// - Throws: ``SourceError`` where the kernel refuses it; with the verifier's last line.
  init(_ instructions: [UInt64]) throws(SourceError) {
    let count = UInt32(instructions.count)
    let fd = cbpfring_load_program(instructions, count, nil, 0)
    if fd < 0 {
      var log = [CChar](repeating: 0, count: 1 << 16)
      _ = cbpfring_load_program(instructions, count, &log, UInt32(log.count))
      let text = String(decoding: log.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw SourceError(
        call: "bpf(BPF_PROG_LOAD)", errno: Errno(rawValue: -fd),
        detail: text.split(separator: "\n").suffix(3).joined(separator: "; "),
        remedy: BPFMap.remedy(-fd, .mappedArray))
    }
    descriptor = FileDescriptor(rawValue: fd)
  }

  deinit { close(descriptor.rawValue) }
}

/// A program's instructions, in the encoding of Documentation/bpf/standardization/instruction-set.rst:
///
///      0       1      2      4          8
///      +-------+------+------+----------+
///      | code  | regs | off  | imm      |
///      +-------+------+------+----------+
struct BPFAssembler {
  /// A register: `r0` has results, `r1` to `r5` arguments, `r6` to `r9` keep their values over calls, `r10` is the frame.
  enum Register: UInt64 { case r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10 }

  /// A function of the kernel (`___BPF_FUNC_MAPPER` of include/uapi/linux/bpf.h).
  enum Helper: Int32 {
    case mapLookupElement = 1
    case ktimeGetNanoseconds = 5
    case probeReadUserString = 114
    case ringbufOutput = 130
    case ringbufReserve = 131
    case ringbufSubmit = 132
    case ringbufDiscard = 133
    case ringbufQuery = 134
  }

  /// The operation of a conditional jump.
  enum Condition: UInt64 {
    case equal = 0x10
    case greater = 0x20
    case signedGreater = 0x60
    case less = 0xa0
    case bitSet = 0x40
    case different = 0x50
  }

  /// A place that is jumped to.
  struct Label { fileprivate let number: Int }

  private var instructions: [UInt64] = []
  private var labels: [Int?] = []
  private var jumps: [(instruction: Int, label: Int)] = []

  private mutating func add(
    _ code: UInt64, _ destination: Register = .r0, _ source: UInt64 = 0, offset: Int16 = 0, _ value: Int32 = 0
  ) {
    instructions.append(
      code | destination.rawValue << 8 | source << 12 | UInt64(UInt16(bitPattern: offset)) << 16
        | UInt64(UInt32(bitPattern: value)) << 32)
  }

  /// `destination = source`.
  mutating func move(_ destination: Register, _ source: Register) { add(0xbf, destination, source.rawValue) }
  /// `destination = value`.
  mutating func move(_ destination: Register, _ value: Int32) { add(0xb7, destination, 0, value) }
  /// `destination += value`.
  mutating func addTo(_ destination: Register, _ value: Int32) { add(0x07, destination, 0, value) }
  /// `destination = *(u64 *)(source + offset)`.
  mutating func load(_ destination: Register, _ source: Register, _ offset: Int16) {
    add(0x79, destination, source.rawValue, offset: offset)
  }
  /// `*(u64 *)(destination + offset) = source`.
  mutating func store(_ destination: Register, _ offset: Int16, _ source: Register) {
    add(0x7b, destination, source.rawValue, offset: offset)
  }
  /// `*(u32 *)(destination + offset) = value`.
  mutating func storeWord(_ destination: Register, _ offset: Int16, _ value: Int32) {
    add(0x62, destination, 0, offset: offset, value)
  }
  /// `lock *(u64 *)(destination + offset) += source`.
  mutating func atomicAdd(_ destination: Register, _ offset: Int16, _ source: Register) {
    add(0xdb, destination, source.rawValue, offset: offset)
  }
  /// `destination = map`: `BPF_PSEUDO_MAP_FD`.
  mutating func map(_ destination: Register, _ map: BPFMap) {
    add(0x18, destination, 1, map.descriptor.rawValue)
    add(0)
  }
  /// `destination = &value of map`, of an array of one value: `BPF_PSEUDO_MAP_VALUE`.
  mutating func value(_ destination: Register, of map: BPFMap) {
    add(0x18, destination, 2, map.descriptor.rawValue)
    add(0)
  }
  /// `r0 = helper(r1 … r5)`.
  mutating func call(_ helper: Helper) { add(0x85, .r0, 0, helper.rawValue) }
  /// Returns `r0`.
  mutating func exit() { add(0x95) }

  /// A label, whose place comes later.
  mutating func label() -> Label {
    labels.append(nil)
    return Label(number: labels.count - 1)
  }

  /// The place of a label is here.
  mutating func place(_ label: Label) { labels[label.number] = instructions.count }

  /// Jumps to a label.
  mutating func jump(_ label: Label) {
    jumps.append((instructions.count, label.number))
    add(0x05)
  }

  /// Jumps to a label if `register condition value`.
  mutating func jump(_ label: Label, if register: Register, _ condition: Condition, _ value: Int32) {
    jumps.append((instructions.count, label.number))
    add(0x05 | condition.rawValue, register, 0, value)
  }

  /// Jumps to a label if `register condition other`.
  mutating func jump(_ label: Label, if register: Register, _ condition: Condition, _ other: Register) {
    jumps.append((instructions.count, label.number))
    add(0x0d | condition.rawValue, register, other.rawValue)
  }

  /// The instructions, with the distances of the jumps.
  var encoded: [UInt64] {
    var encoded = instructions
    for jump in jumps {
      guard let place = labels[jump.label] else { continue }
      let distance = Int16(truncatingIfNeeded: place - jump.instruction - 1)
      encoded[jump.instruction] |= UInt64(UInt16(bitPattern: distance)) << 16
    }
    return encoded
  }
}
