import SubbufferSource

/// The losses reported by the headers of one stream's packets, read in order.
@usableFromInline
package struct LossAccount {
  @usableFromInline let mode: RingMode
  /// The state that the next reader needs.
  @usableFromInline package var memory: ReaderMemory
  /// The count up to which events were discarded before this reader. `nil` until a stream that had a reader before tells
  /// a count that is not 0: a 0 may be one that was never taken.
  @usableFromInline var discardedBefore: UInt64?
  /// `true` if what was lost before the first packet is known; not of a stream that had a reader whose memory is gone.
  @usableFromInline let knowsThePast: Bool
  @usableFromInline var packets: UInt64 = 0
  @usableFromInline var lastCount: UInt64 = 0

  /// An account of a stream without a reader before, or of one whose last reader has left its memory.
  package init(mode: RingMode, memory: ReaderMemory = ReaderMemory()) {
    self.mode = mode
    self.memory = memory
    discardedBefore = 0
    knowsThePast = true
  }

  /// An account of a stream that had a reader which has left nothing but the consumed position.
  /// - Parameter number: the consumed position in sub-buffers, which is the `packet_seq_num` of the packet that lies there:
  ///   `num_subbuf * seq_cnt + idx` (`client_buffer_begin` in LTTng-UST's `ringbuffer-clients/template.h` and in
  ///   lttng-modules' `lttng-ring-buffer-client.h`).
  package init(mode: RingMode, consumedUpTo number: UInt64) {
    self.mode = mode
    memory = ReaderMemory(nextNumber: number)
    knowsThePast = false
  }

  /// The loss that a packet's header reports for the time since the packet before, and the channel that reports it.
  ///
  /// No count has the events of missing packets; the header reports discarded events besides. A
  /// packet whose count was not taken reports no discarded events; what was discarded until its end is in the next
  /// count that was. The first packet of a reader that does not know the past reports a gap only.
  /// - Parameters:
  ///   - number: its `packet_seq_num`.
  ///   - count: its `events_discarded`.
  @inlinable
  @inline(__always)
  package mutating func account(forPacket number: UInt64, discarded count: UInt64) -> (Loss, LossChannel) {
    let events = discarded(upTo: count)
    lastCount = count
    let gap = number &- memory.nextNumber
    memory.nextNumber = number &+ 1
    memory.missingPackets &+= gap
    memory.taken &+= 1
    let isFirst = packets == 0
    packets &+= 1
    if gap != 0 {
      memory.gaps &+= 1
      return (.packets(gap, events: events ?? 0), .sequenceGap)
    }
    guard let events, knowsThePast || !isFirst else { return (.notTold, .nowhere) }
    if events != 0 { return (.events(events), .subbufferHeader) }
    return (.none, mode == .overwrite ? .sequenceGap : .subbufferHeader)
  }

  /// A sub-buffer was taken that holds no packet.
  @usableFromInline
  package mutating func takeUnreadable() { memory.taken &+= 1 }

  /// The increase of the count of discarded events over the highest count before; `nil` if the new count shows none.
  ///
  /// `events_discarded` counts from the beginning of the stream, modulo the word size, and yet it falls back. The count
  /// is taken by the reservation that ends a sub-buffer (`lib_ring_buffer_try_reserve_slow`,
  /// `lib_ring_buffer_try_switch_slow`), and written by the commit that completes it (`client_buffer_end`). Where that
  /// is another event's, that event brings 0 (`memset` in `lttng_event_reserve`), or what it took itself when it began.
  /// Source: LTTng-UST 2.13.5, `ring_buffer_frontend.c` and `ringbuffer-clients/template.h`; the count stands with the
  /// sub-buffer since 2.14 ("Fix: Sample discarded packet counters per sub-buffer"). lttng-modules 2.13.18 has the same
  /// two functions in `ring_buffer_frontend.c` and `lttng-ring-buffer-client.h`.
  ///
  /// So a count is compared as positions are: one less than half the range ahead has grown, also over the wrap.
  @inlinable
  @inline(__always)
  mutating func discarded(upTo count: UInt64) -> UInt64? {
    guard discardedBefore != nil else {
      if count == 0 { return 0 }
      discardedBefore = count
      memory.discarded = count
      return nil
    }
    let growth = count &- memory.discarded
    guard Int64(bitPattern: growth) >= 0 else { return nil }
    memory.discarded = count
    return growth
  }

  /// Everything reported so far, by each channel. The counts are those of the stream, also those of a later reader.
  package var readings: [LossReading] {
    guard packets > 0 else {
      return [LossChannel.subbufferHeader, .sequenceGap, .lastPacket].map {
        LossReading(channel: $0, loss: .notTold, since: since($0))
      }
    }
    let missing: Loss = memory.missingPackets > 0 ? .packets(memory.missingPackets) : knowsThePast ? .none : .notTold
    return [
      LossReading(channel: .subbufferHeader, loss: .counted(memory.discarded), since: .ringBuffer),
      LossReading(channel: .sequenceGap, loss: missing, since: since(.sequenceGap), marks: memory.gaps),
      LossReading(channel: .lastPacket, loss: .counted(lastCount), since: .ringBuffer),
    ]
  }

  /// The lost packets that a moved consumed position implies: those that the writer has taken away.
  /// - Parameter moved: how far it has moved since the ring buffer was made, or since the reader before has left it if
  ///   that one's memory is gone; in sub-buffers.
  package func positions(movedBy moved: UInt) -> LossReading {
    let pushed = moved > memory.taken ? moved &- memory.taken : 0
    return LossReading(
      channel: .positions, loss: pushed == 0 ? .none : .packets(UInt64(pushed)),
      since: knowsThePast ? .ringBuffer : .source)
  }

  private func since(_ channel: LossChannel) -> LossReading.Beginning {
    channel == .sequenceGap && !knowsThePast ? .source : .ringBuffer
  }
}

/// The state of a reader of a stream at its end: with it the next reader can report the losses between the two.
public struct ReaderMemory: Sendable, Hashable {
  /// The `packet_seq_num` that comes next.
  @usableFromInline var nextNumber: UInt64 = 0
  /// The highest count of discarded events so far.
  @usableFromInline var discarded: UInt64 = 0
  /// Packets that were missing so far, and in how many gaps.
  @usableFromInline var missingPackets: UInt64 = 0
  @usableFromInline var gaps: UInt64 = 0
  /// Sub-buffers that readers took so far.
  @usableFromInline var taken: UInt = 0
}
