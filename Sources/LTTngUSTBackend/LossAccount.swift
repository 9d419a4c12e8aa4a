import CTFPackets
import SubbufferSource

/// What the headers of one stream's packets, read in order, have told about losses.
struct LossAccount {
  private let mode: ChannelAttributes.Mode
  /// The highest count of discarded events so far.
  private var discarded: UInt64 = 0
  /// The count up to which events were discarded before this reader. `nil` until a stream that had a reader before tells
  /// a count that is not 0: a 0 may be one that was never taken.
  private var discardedBefore: UInt64?
  private var missingPackets: UInt64 = 0
  /// `nil` before the first packet of a stream that had a reader before: what that one read is not lost.
  private var expectedNumber: UInt64?
  private var packets: UInt64 = 0
  private var gaps: UInt64 = 0
  private var lastCount: UInt64 = 0

  init(mode: ChannelAttributes.Mode, isFirstReader: Bool) {
    self.mode = mode
    discardedBefore = isFirstReader ? 0 : nil
    expectedNumber = isFirstReader ? 0 : nil
  }

  /// What a packet's header tells about the time since the packet before, and where it tells it.
  ///
  /// Overwritten packets come first where both tell something: their events are not in `events_discarded`, so no number
  /// of events can be given. A packet whose count was not taken tells nothing; what was discarded until its end is in
  /// the next count that was.
  @inline(__always)
  mutating func account(for header: PacketHeader) -> (Loss, LossChannel) {
    let events = discarded(upTo: header.eventsDiscarded)
    lastCount = header.eventsDiscarded
    let expected = expectedNumber
    expectedNumber = header.packetSequenceNumber &+ 1
    guard let expected else { return (.notTold, .nowhere) }
    let gap = header.packetSequenceNumber &- expected
    missingPackets &+= gap
    packets &+= 1
    if gap != 0 {
      gaps &+= 1
      return (.packets(gap), .sequenceGap)
    }
    guard let events else { return (.notTold, .nowhere) }
    if events != 0 { return (.events(events), .subbufferHeader) }
    return (.none, mode == .overwrite ? .sequenceGap : .subbufferHeader)
  }

  /// How many more events were discarded than the highest count before tells; `nil` where the new one cannot tell.
  ///
  /// `events_discarded` counts from the beginning of the stream, modulo the word size, and yet it falls back. The count
  /// is taken by the reservation that ends a sub-buffer (`lib_ring_buffer_try_reserve_slow`,
  /// `lib_ring_buffer_try_switch_slow`), and written by the commit that completes it (`client_buffer_end`). Where that
  /// is another event's, that event brings 0 (`memset` in `lttng_event_reserve`), or what it took itself when it began.
  /// Source: LTTng-UST 2.13.5, `ring_buffer_frontend.c` and `ringbuffer-clients/template.h`; the count stands with the
  /// sub-buffer since 2.14 ("Fix: Sample discarded packet counters per sub-buffer").
  ///
  /// So a count is compared as positions are: one less than half the range ahead has grown, also over the wrap.
  @inline(__always)
  private mutating func discarded(upTo count: UInt64) -> UInt64? {
    guard discardedBefore != nil else {
      if count == 0 { return 0 }
      discardedBefore = count
      discarded = count
      return nil
    }
    let growth = count &- discarded
    guard Int64(bitPattern: growth) >= 0 else { return nil }
    discarded = count
    return growth
  }

  /// Everything told so far, by each channel. The counts are those of the stream, also those of a later reader.
  var readings: [LossReading] {
    guard packets > 0 else {
      return [.subbufferHeader, .sequenceGap, .lastPacket].map { LossReading(channel: $0, loss: .notTold) }
    }
    return [
      LossReading(channel: .subbufferHeader, loss: .counted(discarded), since: .ringBuffer),
      LossReading(
        channel: .sequenceGap, loss: missingPackets == 0 ? .none : .packets(missingPackets), marks: gaps),
      LossReading(channel: .lastPacket, loss: .counted(lastCount), since: .ringBuffer),
    ]
  }
}
