import SubbufferSource

/// The offsets of the words of a ring buffer in the memory: `struct lttng_ust_ring_buffer` and the tables it points to
/// (`frontend_types.h`, `backend_types.h`), and the sub-buffers after them.
struct LTTngLayout: Sendable, Hashable {
  let mode: RingMode
  let cpu: UInt32
  private let subbufferSizeOrder: UInt8
  private let subbufferCountOrder: UInt8

  init(_ attributes: LTTngModelAttributes) {
    mode = attributes.mode
    cpu = attributes.cpu
    subbufferSizeOrder = UInt8(attributes.subbufferSize.trailingZeroBitCount)
    subbufferCountOrder = UInt8(attributes.subbufferCount.trailingZeroBitCount)
  }

  // MARK: Sizes

  /// The size of a sub-buffer in bytes.
  var subbufferSize: UInt64 { 1 << UInt64(subbufferSizeOrder) }
  /// The number of sub-buffers in the writer's table.
  var subbufferCount: Int { 1 << Int(subbufferCountOrder) }
  /// The number of sub-buffers with the reader's own.
  var allSubbufferCount: Int { subbufferCount + (mode == .overwrite ? 1 : 0) }
  /// The size of the writer's sub-buffers together, in bytes.
  var bufferSize: UInt64 { 1 << UInt64(bufferSizeOrder) }
  private var bufferSizeOrder: UInt8 { subbufferSizeOrder + subbufferCountOrder }
  /// A page, or a sub-buffer that is smaller.
  private var pageSize: UInt64 { min(4096, subbufferSize) }
  /// A size in bytes in whole pages; `LTTNG_UST_PAGE_ALIGN`.
  func pageAligned(_ size: UInt64) -> UInt64 { (size &+ pageSize &- 1) & ~(pageSize - 1) }

  // MARK: Positions (`frontend_internal.h`)

  /// The bits of a commit counter that a position's lap is compared with; `commit_count_mask`.
  var commitCountMask: UInt64 { ~0 >> UInt64(subbufferCountOrder) }

  /// The offset in its sub-buffer; `subbuf_offset`.
  func subbufferOffset(_ position: UInt64) -> UInt64 { position & (subbufferSize - 1) }
  /// The start of its sub-buffer; `subbuf_trunc`.
  func subbufferStart(_ position: UInt64) -> UInt64 { position & ~(subbufferSize - 1) }
  /// The start of the next sub-buffer; `subbuf_align`.
  func nextSubbuffer(_ position: UInt64) -> UInt64 { (position &+ subbufferSize) & ~(subbufferSize - 1) }
  /// The place of its sub-buffer in the writer's table; `subbuf_index`.
  func index(_ position: UInt64) -> Int { Int((position & (bufferSize - 1)) >> UInt64(subbufferSizeOrder)) }
  /// The number of its lap around the buffer; `buf_trunc_val`.
  func lap(_ position: UInt64) -> UInt64 { position >> UInt64(bufferSizeOrder) }
  /// The value of every sub-buffer's commit counter at the beginning of its lap.
  func commitCountAtLap(of position: UInt64) -> UInt64 { (position & ~(bufferSize - 1)) >> UInt64(subbufferCountOrder) }

  // MARK: Words

  /// The write offset, by which writers reserve; `offset`.
  var offset: Int { 0 }
  /// The consumed position; `consumed`.
  var consumed: Int { 1 }
  /// Nonzero if a reader has the buffer open; `active_readers`.
  var activeReaders: Int { 2 }
  /// Nonzero if nothing more will be written; `finalized`, which nothing in 2.13.5 sets.
  var finalized: Int { 3 }
  /// Events lost because the buffer was full; `records_lost_full`.
  var recordsLostFull: Int { 4 }
  /// Events lost because the next sub-buffer was not committed yet; `records_lost_wrap`.
  var recordsLostWrap: Int { 5 }
  /// Events lost because no sub-buffer has room for them; `records_lost_big`.
  var recordsLostBig: Int { 6 }
  /// Nonzero if a sub-buffer is held; `get_subbuf`.
  var getSubbuffer: Int { 7 }
  /// The position of the sub-buffer that is held; `get_subbuf_consumed`.
  var getSubbufferConsumed: Int { 8 }
  /// The consumed position of the last snapshot; `cons_snapshot`.
  var consumedSnapshot: Int { 9 }
  /// The produced position of the last snapshot; `prod_snapshot`.
  var producedSnapshot: Int { 10 }
  /// The sub-buffer that the reader has; `buf_rsb.id`.
  var readerID: Int { 11 }
  /// The clock: each reading is the next number, so that a schedule gives the same times again.
  var clock: Int { 12 }
  /// The number of times that an internal error disabled the channel; `record_disabled`. The channel's structure is
  /// sent over a socket and not shared, so each process has its own.
  func recordDisabled(in process: LTTngProcess) -> Int { process == .traced ? 13 : 14 }

  private static let tables = 16
  private func table(_ number: Int) -> Int { Self.tables + number << Int(subbufferCountOrder) }
  /// Bytes committed to a sub-buffer since the beginning; `commit_hot[].cc`.
  func commitCount(_ index: Int) -> Int { table(0) + index }
  /// Consecutive bytes committed, for a look after a crash; `commit_hot[].seq`.
  func commitSequence(_ index: Int) -> Int { table(1) + index }
  /// Bytes committed up to the last delivery; `commit_cold[].cc_sb`.
  func deliveredCount(_ index: Int) -> Int { table(2) + index }
  /// The time of the last reservation in a sub-buffer; `ts_end[]`.
  func timestampEnd(_ index: Int) -> Int { table(3) + index }
  /// The sub-buffer in a place of the writer's table; `buf_wsb[].id`.
  func writerID(_ index: Int) -> Int { table(4) + index }
  /// The number of times that a place was delivered; `buf_cnt[].seq_cnt`.
  func packetCount(_ index: Int) -> Int { table(5) + index }
  /// The data size of a sub-buffer, in bytes; `data_size` of its pages.
  func dataSize(_ subbuffer: Int) -> Int { table(6) + subbuffer }

  /// The first word of the sub-buffers. They begin on a multiple of eight words.
  var firstSubbuffer: Int { (dataSize(allSubbufferCount) + 7) & ~7 }
  /// The first word of a sub-buffer.
  func words(ofSubbuffer subbuffer: Int) -> Int { firstSubbuffer + subbuffer << (Int(subbufferSizeOrder) - 3) }
  /// The number of words that the ring buffer takes.
  var wordCount: Int { words(ofSubbuffer: allSubbufferCount) }
  /// The size of all sub-buffers, in bytes.
  var mappedLength: UInt64 { UInt64(allSubbufferCount) << UInt64(subbufferSizeOrder) }
}

/// Whose copy of the channel's structure an operation works with.
enum LTTngProcess: Sendable, Hashable {
  /// The process that writes events.
  case traced
  /// The process that reads.
  case consumer
}

extension LTTngLayout {
  /// Makes a ring buffer out of zeroed memory: every sub-buffer in its place, and the first packet begun;
  /// `lib_ring_buffer_backend_allocate` and `lib_ring_buffer_create`.
  func initialize<Memory: AtomicMemory>(_ memory: inout Memory) {
    for index in 0..<subbufferCount {
      memory.store(LTTngSubbufferID(subbuffer: index, in: mode).rawValue, to: writerID(index), .relaxed)
    }
    let own = mode == .overwrite ? subbufferCount : 0
    memory.store(LTTngSubbufferID(subbuffer: own, in: mode).rawValue, to: readerID, .relaxed)

    let headerSize = UInt64(LTTngPacketHeader.byteCount)
    memory.store(headerSize, to: offset, .relaxed)
    memory.store(LTTngSubbufferID(subbuffer: 0, in: mode).referenced.rawValue, to: writerID(0), .relaxed)
    let timestamp = memory.fetchAdd(clock, 1, .relaxed)
    for field in LTTngPacketHeader.Field.allCases {
      memory.store(
        beginning(field, timestamp: timestamp, packetCount: 0, index: 0), to: words(ofSubbuffer: 0) + field.rawValue,
        .relaxed)
    }
    memory.store(headerSize, to: commitCount(0), .relaxed)
    memory.store(headerSize, to: commitSequence(0), .release)
  }
}

/// The sub-buffer in a place, and its lap; `subbuffer_id` in `backend_internal.h`.
///
/// In overwrite mode one word carries the number of the sub-buffer (bits 0 to 31), whether no writer refers to it
/// (bit 32), and the lap in which it was delivered (bits 33 to 63); so the reader exchanges all three at once. In
/// discard mode the word is the number alone.
struct LTTngSubbufferID: Sendable, Hashable {
  var rawValue: UInt64

  private static let lapShift: UInt64 = 33
  private static let lapMask: UInt64 = ~0 << lapShift
  private static let noReference: UInt64 = 1 << 32

  init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// A sub-buffer that nobody has written to.
  init(subbuffer: Int, in mode: RingMode) {
    rawValue = UInt64(subbuffer) | (mode == .overwrite ? Self.noReference : 0)
  }

  /// The number of the sub-buffer; `subbuffer_id_get_index`.
  var subbuffer: Int { Int(rawValue & (Self.noReference - 1)) }

  /// `true` if no writer refers to it; `subbuffer_id_is_noref`. Only overwrite mode asks.
  var isNotReferenced: Bool { rawValue & Self.noReference != 0 }

  /// `true` if it was delivered in a lap; `subbuffer_id_compare_offset`.
  func isOfLap(_ lap: UInt64) -> Bool { rawValue & Self.lapMask == lap << Self.lapShift }

  /// The same sub-buffer, referred to by a writer; `subbuffer_id_clear_noref`.
  var referenced: LTTngSubbufferID { LTTngSubbufferID(rawValue: rawValue & ~Self.noReference) }

  /// The same sub-buffer, not referred to; `subbuffer_id_set_noref`.
  var notReferenced: LTTngSubbufferID { LTTngSubbufferID(rawValue: rawValue | Self.noReference) }

  /// The same sub-buffer, delivered in a lap and not referred to; `subbuffer_id_set_noref_offset`.
  func delivered(inLap lap: UInt64) -> LTTngSubbufferID {
    LTTngSubbufferID(rawValue: rawValue & ~Self.lapMask | lap << Self.lapShift | Self.noReference)
  }
}
