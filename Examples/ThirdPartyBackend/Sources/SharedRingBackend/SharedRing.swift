import CSharedRing
import Glibc
import Study
import SubbufferSource
import Workload

/// A ring buffer in an anonymous file, mapped, with its writer process.
///
/// The file goes with the last process that has it open, so that nothing is left behind, whoever is killed.
public final class SharedRing {
  /// The bytes before the first event of a sub-buffer.
  public static let headerSize = Int(SHARED_RING_HEADER_SIZE)

  /// The bytes that an event takes.
  public static func eventSize(payload: UInt32) -> Int { Int(shared_ring_event_size(payload)) }

  /// The shape of the ring buffer.
  public let configuration: RingConfiguration
  /// The writer process.
  public let producer: ProducerProcess
  /// The first byte of the memory.
  let start: UnsafeMutableRawPointer
  private let byteCount: Int
  private let descriptor: Int32

  /// Makes an empty ring buffer and starts its writer.
  /// - Throws: ``SourceError`` if a call fails or the writer cannot be started.
  public init(_ configuration: RingConfiguration) throws(SourceError) {
    let descriptor = shared_ring_create(
      UInt32(clamping: configuration.subbufferSize), UInt32(clamping: configuration.subbufferCount),
      configuration.mode == .overwrite ? 1 : 0)
    guard descriptor >= 0 else {
      throw SourceError(
        call: "make a shared ring", errno: .init(rawValue: errno),
        remedy: "choose 2 to 65534 sub-buffers of a multiple of 8 bytes, or free some memory")
    }
    var size: UInt64 = 0
    guard let start = shared_ring_map(descriptor, &size) else {
      let error = SourceError(call: "map a shared ring", errno: .init(rawValue: errno), remedy: "free some memory")
      close(descriptor)
      throw error
    }
    do {
      // The writer opens the file itself: the descriptor is closed in every child.
      producer = try ProducerProcess(
        executable: ProducerExecutable.path(of: "shared-ring-writer"),
        arguments: [String(configuration.producerCPU), "/proc/\(getpid())/fd/\(descriptor)"])
      try producer.waitUntilReady(5_000)
    } catch {
      munmap(start, Int(size))
      close(descriptor)
      throw error
    }
    self.configuration = configuration
    self.descriptor = descriptor
    self.start = start
    byteCount = Int(size)
  }

  deinit {
    producer.end()
    munmap(start, byteCount)
    close(descriptor)
  }

  /// Has events of the usual size written, and waits until they are.
  /// - Throws: ``SourceError`` if the writer is gone.
  @discardableResult
  func write(_ count: Int, from first: UInt64 = 0) throws(SourceError) -> Truth {
    try producer.write(Load(first: first, count: UInt64(count), payload: SharedRing.payload))
  }

  /// The payload of the events of probes, in bytes.
  private static let payload: UInt32 = 24

  /// The bytes that an event of ``write(_:from:)`` takes.
  var eventSize: Int { SharedRing.eventSize(payload: SharedRing.payload) }

  /// The number of events of ``write(_:from:)`` that fit into a sub-buffer.
  var perSubbuffer: Int { (configuration.subbufferSize - SharedRing.headerSize) / eventSize }

  /// The number of events of ``write(_:from:)`` that fit into the writer's sub-buffers.
  var perRing: Int { configuration.subbufferCount * perSubbuffer }
}
