import BPFRingABI
import Glibc
import Results
import SubbufferSource
import SystemPackage

/// libbpf's reader of a ring buffer (`ring_buffer__new`, `ring_buffer__consume` of tools/lib/bpf/ringbuf.c), if the library is
/// there. It is loaded at run time.
final class LibBPF {
  /// "libbpf 1.1".
  let title: String
  private let library: UnsafeMutableRawPointer
  private let new: New
  private let consume: Consume
  private let free: Free

  private typealias Sample = @convention(c) (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, Int) -> Int32
  private typealias New = @convention(c) (Int32, Sample, UnsafeMutableRawPointer?, UnsafeRawPointer?) -> OpaquePointer?
  private typealias Consume = @convention(c) (OpaquePointer) -> Int32
  private typealias Free = @convention(c) (OpaquePointer) -> Void
  private typealias Version = @convention(c) () -> UInt32

  /// Why it cannot be used where it is not installed.
  static let missing = CrossCheckResult.Skip(reason: "libbpf.so.1 cannot be loaded", remedy: "apt-get install libbpf1")

  /// Loads the library; `nil` where it is not there, or lacks a function.
  init?() {
    guard let library = dlopen("libbpf.so.1", RTLD_NOW | RTLD_LOCAL) else { return nil }
    func function<Function>(_ name: String, _ type: Function.Type) -> Function? {
      dlsym(library, name).map { unsafeBitCast($0, to: type) }
    }
    guard let new = function("ring_buffer__new", New.self),
      let consume = function("ring_buffer__consume", Consume.self),
      let free = function("ring_buffer__free", Free.self)
    else {
      dlclose(library)
      return nil
    }
    let version = [
      function("libbpf_major_version", Version.self), function("libbpf_minor_version", Version.self),
    ].compactMap { $0?() }
    title = "libbpf \(version.map(String.init).joined(separator: "."))"
    (self.library, self.new, self.consume, self.free) = (library, new, consume, free)
  }

  deinit { dlclose(library) }

  /// Reads everything that is submitted, from `consumer_pos` on, and stores `consumer_pos`.
  /// - Throws: ``SourceError`` where the library fails.
  func readAll(_ ring: BPFRing) throws(SourceError) -> BPFCount {
    var count = BPFCount()
    let result = withUnsafeMutablePointer(to: &count) { context -> Int32 in
      let add: Sample = { context, data, size in
        guard let context, let data else { return 0 }
        context.assumingMemoryBound(to: BPFCount.self).pointee.add(
          UnsafeRawBufferPointer(start: data, count: size))
        return 0
      }
      guard let reader = new(ring.map.descriptor.rawValue, add, context, nil) else { return -errno }
      defer { free(reader) }
      return consume(reader)
    }
    guard result >= 0 else { throw SourceError(call: "ring_buffer__consume", errno: Errno(rawValue: -result)) }
    count.returned = UInt64(result)
    return count
  }
}

/// The records that a reader of a ring buffer has counted.
struct BPFCount {
  /// The records.
  private(set) var events: UInt64 = 0
  /// The sum of their sequence numbers.
  private(set) var sum: UInt64 = 0
  /// The number of records that the library returned.
  var returned: UInt64 = 0

  /// Adds a record by the bytes of its data.
  mutating func add(_ data: UnsafeRawBufferPointer) {
    guard data.count >= BPFRecorder.fixedSize else { return }
    add(sequence: data.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
  }

  mutating func add(sequence: UInt64) {
    events += 1
    sum &+= sequence
  }

  mutating func add(_ other: BPFCount) {
    events += other.events
    sum &+= other.sum
    returned += other.returned
  }
}
