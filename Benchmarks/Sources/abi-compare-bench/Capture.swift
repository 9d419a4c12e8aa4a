import CTFPackets
import LTTngUSTABI
import Study
import SubbufferSource
import TracefsABI
import Workload

/// The load whose sub-buffers are decoded.
enum Capture {
  /// Bytes in each event beside the sequence number and its length word, as the study's latency has them.
  static let payload: UInt32 = 16
  /// The ring buffer's sub-buffers, the reader's own not counted.
  static let subbufferCount = 1024
  /// Of either ring buffer's events so many fit into half of it.
  static let eventsOfAFill: UInt64 = 30_000

  /// Has a number of events written, in fills of half a ring buffer, and takes what each fill comes to.
  static func run(
    _ events: UInt64, _ producer: ProducerProcess, take: () throws(SourceError) -> Void
  ) throws(SourceError) {
    var first: UInt64 = 0
    while first < events {
      let count = min(eventsOfAFill, events - first)
      _ = try producer.write(Load(first: first, count: count, payload: payload))
      first += count
      try take()
    }
  }
}

extension TracefsRing {
  /// The sub-buffers of so many events, whole, one behind the other.
  ///
  /// The producer waits while they are copied. A sub-buffer that is handed out again with more in it takes the place of its
  /// first copy.
  func pages(_ events: UInt64) throws(SourceError) -> [UInt8] {
    var source = try source()
    let size = source.geometry.subbufferSize
    let headerSize = source.decoder.page.dataOffset
    var pages: [UInt8] = []
    try Capture.run(events, producer) { () throws(SourceError) in
      while case .subbuffer(let handover) = try source.unsafeAcquire() {
        if handover.unreadOffset > headerSize { pages.removeLast(size) }
        pages += UnsafeRawBufferPointer(start: handover.start, count: size)
      }
    }
    return pages
  }
}

extension LTTngUSTRing {
  /// What a recording of the ring buffer says about itself.
  var trace: TraceDescription {
    TraceDescription(
      uuid: session.channel.attributes.uuid, streamID: session.channel.attributes.channelID,
      eventHeader: session.eventHeader, eventID: session.eventID, tracerVersion: session.tracerVersion)
  }

  /// The packets of so many events, each padded to whole pages, one behind the other.
  /// - Parameter take: gets each of them.
  func packets(
    _ events: UInt64, take: (borrowing Subbuffer) throws(SourceError) -> Void
  ) throws(SourceError) {
    var source = try source()
    try Capture.run(events, producer) { () throws(SourceError) in
      _ = try source.flush()
      var isMore = true
      while isMore {
        if case .subbuffer = try source.withNext(take) {} else { isMore = false }
      }
    }
  }

  /// The packets of so many events, each padded to its `packet_size`, one behind the other.
  func packets(_ events: UInt64) throws(SourceError) -> [UInt8] {
    var packets: [UInt8] = []
    try self.packets(events) { (subbuffer) throws(SourceError) in
      packets += subbuffer.withBytes { bytes in bytes.withUnsafeBytes { Array($0) } }
      packets += [UInt8](repeating: 0, count: (4096 - packets.count % 4096) % 4096)
    }
    return packets
  }
}
