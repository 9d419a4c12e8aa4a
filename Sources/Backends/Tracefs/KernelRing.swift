import Study
import SubbufferSource
import TracefsABI
import Workload

/// A ring buffer of the kernel's design with its writer, live or a model: what a probe works on.
package protocol KernelRing {
  associatedtype Mapping: KernelMapping

  /// The size and number of the writer's sub-buffers.
  var configuration: RingConfiguration { get }
  /// The bytes that an event takes; see ``StudiedBackend/eventSize(payload:)``.
  func eventSize(payload: UInt32) -> Int
  /// Has a load written, and waits for the end of it.
  func write(_ load: Load) throws(SourceError) -> Truth
  /// Maps the ring buffer as another reader.
  func map(nonBlocking: Bool) throws(SourceError) -> Mapping
  /// The counters of `per_cpu/cpuN/stats`.
  func stats() throws(SourceError) -> CPUStats
  /// `buffer_percent`.
  func set(bufferPercent: Int) throws(SourceError)
  /// Ends the writer.
  func endWriter()
  /// Has an event written, of another type than the workload's, whose writer is interrupted between reserve and commit by
  /// others, which write events of other types that need more than half a sub-buffer each and more than the ring buffer
  /// together. Calls `body` while the event is uncommitted and others have written.
  /// - Returns: the number of events of the others.
  func writeInterrupted(seenBy mapping: Mapping, _ body: () throws(SourceError) -> Void) throws(SourceError) -> UInt64
  /// The taint of the kernel that has the ring buffer, "unreadable" if it cannot be read; `nil` for a model.
  var kernelTaint: String? { get }
}

extension KernelRing {
  /// The payload of events where it does not matter, in bytes: full sub-buffers have room for the count of lost events
  /// then, which the kernel stores where 8 bytes are free.
  package var usualPayload: UInt32 {
    let space = configuration.subbufferSize - TracefsRing.headerSize
    return stride(from: UInt32(16), to: 64, by: 4).first { space % eventSize(payload: $0) >= 8 } ?? 16
  }

  /// Maps the ring buffer as another reader that does not wait.
  package func map() throws(SourceError) -> Mapping { try map(nonBlocking: true) }

  /// Has consecutive events written.
  @discardableResult
  package func write(_ count: UInt64, from first: UInt64 = 0, payload: UInt32? = nil) throws(SourceError) -> Truth {
    try write(Load(first: first, count: count, payload: payload ?? usualPayload))
  }

  /// The number of events that fill a sub-buffer.
  package func eventsPerSubbuffer(payload: UInt32? = nil) -> UInt64 {
    UInt64((configuration.subbufferSize - TracefsRing.headerSize) / eventSize(payload: payload ?? usualPayload))
  }

  /// The number of events that fill the writer's sub-buffers.
  package func eventsPerRing(payload: UInt32? = nil) -> UInt64 {
    UInt64(configuration.subbufferCount) * eventsPerSubbuffer(payload: payload)
  }
}

/// A mapping of a ring buffer of the kernel's design: the ABI one to one.
///
/// It is unmapped with the last reference to it: a probe that needs it until a certain point says so with
/// `withExtendedLifetime`.
package protocol KernelMapping: AnyObject {
  /// "I'm done with the reader sub-buffer, give me the next": 0 or a negative errno.
  func unsafeGetReader() -> Int32
  /// All fields of the meta page.
  var metaPage: MetaPage { get }
  /// The size and number of the sub-buffers.
  var geometry: Geometry { get }
  /// The `revents` of `poll(POLLIN)`, 0 if the time runs out.
  func poll(_ timeout: Milliseconds) throws(SourceError) -> Int16
  /// The header and the events of a sub-buffer.
  /// - Parameters:
  ///   - id: which one.
  ///   - from: how many bytes of its data to leave out: events that were handed out before.
  ///   - end: where its data ends, in bytes after the header; by default where its header says.
  func look(at id: UInt32, from: UInt32, end: UInt32?) throws(SourceError) -> KernelLook
  /// A copy of all bytes of a sub-buffer.
  func bytes(of id: UInt32) throws(SourceError) -> [UInt8]
}

extension KernelMapping {
  /// One acquire that has to work.
  /// - Throws: ``SourceError`` where the ioctl fails.
  package func getReader() throws(SourceError) -> MetaPage {
    let result = unsafeGetReader()
    guard result == 0 else {
      throw SourceError(call: "ioctl(TRACE_MMAP_IOCTL_GET_READER)", errno: .init(rawValue: -result))
    }
    return metaPage
  }

  /// The contents of the reader sub-buffer, up to `reader.read`.
  package func look(from: UInt32 = 0) throws(SourceError) -> KernelLook {
    let meta = metaPage
    return try look(at: meta.readerID, from: from, end: meta.readerRead)
  }
}

/// A view of a sub-buffer by a reader of the one-to-one layer.
package struct KernelLook: Equatable {
  /// The time stamp of its header.
  package var timestamp: UInt64
  /// The `commit` word with its flags.
  package var commit: UInt32
  /// The loss before it, as its header reports it.
  package var loss: Loss
  /// Bytes of data after the header, by the header.
  package var dataCount: Int
  /// Bytes between the end of the data and the end of the sub-buffer.
  package var room: Int
  /// The sequence numbers of the events, in order.
  package var sequences: [UInt64]
  /// The times of the events, in order.
  package var times: [UInt64]
  /// The number of events of other types than the workload's.
  package var otherCount: Int

  /// Bit 31 of `commit`: events were missed before this sub-buffer.
  package var hasMissedEvents: Bool { commit & PageHeader.missedEvents != 0 }
  /// Bit 30 of `commit`: their number is stored after the data.
  package var hasMissedStored: Bool { commit & PageHeader.missedStored != 0 }
  /// The `commit` word, for an observation.
  package var commitText: String { "0x\(String(commit, radix: 16))" }
}

extension FtracePageDecoder {
  /// The header of a sub-buffer.
  /// - Throws: ``SourceError`` of kind `malformed`.
  package func header(of subbuffer: RawSpan) throws(SourceError) -> PageHeader {
    do {
      return try PageHeader(in: subbuffer, format: page)
    } catch {
      throw SourceError(error)
    }
  }
}
