import Glibc
import SubbufferSource
import SystemPackage

/// A mapping of a ``KernelModelRing``, one to one: each method is one system call of the kernel's ABI or one load.
///
/// A ring buffer can have several mappings, which share the reader's sub-buffer. The ids of the sub-buffers are given by
/// the first mapping, and anew where all were closed: 0 is then the reader's sub-buffer of that moment, of which what lies
/// before ``readerRead`` was read already (`ring_buffer_map`).
package struct KernelModelMapping: ~Copyable {
  /// The ring buffer.
  package let ring: KernelModelRing
  private let layout: KernelLayout
  private let words: SharedWords
  private let nonBlocking: Bool
  private let wakeup: KernelWakeupPipe

  /// Maps a ring buffer. The mapping is closed with the value.
  /// - Parameter nonBlocking: as with `O_NONBLOCK`; without it ``unsafeGetReader()`` may sleep.
  /// - Throws: ``SubbufferSource/SourceError`` where there is no descriptor to wait with.
  package init(_ ring: KernelModelRing, nonBlocking: Bool) throws(SourceError) {
    wakeup = try KernelWakeupPipe()
    self.ring = ring
    self.nonBlocking = nonBlocking
    layout = ring.layout
    words = ring.words
    ring.map(wakeup.writeEnd)
  }

  deinit { ring.unmap(wakeup.writeEnd) }

  /// "I'm done with the reader sub-buffer, give me the next": updates the meta page.
  ///
  /// Unsafe because it is also the release: the bytes of the sub-buffer held before may change from now on.
  /// Without `nonBlocking` it first waits, where there is not ``KernelModelRing/bufferPercent`` to read, until the writer
  /// wakes it once (`ring_buffer_wait`). The corresponding ioctl is `TRACE_MMAP_IOCTL_GET_READER`.
  /// - Returns: 0, or `-EINTR` where a signal ended the waiting.
  package func unsafeGetReader() -> Int32 {
    if !nonBlocking {
      wakeup.drain()
      if !isReady {
        let woken = wakeup.wait(-1)
        if woken < 0 { return woken }
      }
    }
    ring.awaitTailDecided()
    var words = words
    var getReader = KernelGetReader(layout)
    return getReader.run(on: &words)
  }

  /// Waits until there is ``KernelModelRing/bufferPercent`` of the ring buffer to read; at 0, anything.
  ///
  /// The corresponding C function is `poll`, the condition that of `rb_watermark_hit` of kernel/trace/ring_buffer.c.
  /// - Returns: the events that came, 0 where the time ran out.
  /// - Throws: ``SubbufferSource/SourceError``, with `EINTR` where a signal came first.
  package func poll(_ timeout: Milliseconds) throws(SourceError) -> Int16 {
    let start = ContinuousClock.now
    while true {
      wakeup.drain()
      if isReady { return Int16(POLLIN) }
      let woken = wakeup.wait(left(of: timeout, since: start))
      if woken < 0 { throw SourceError(call: "poll", errno: Errno(rawValue: -woken)) }
      if woken == 0 { return isReady ? Int16(POLLIN) : 0 }
    }
  }

  private func left(of timeout: Milliseconds, since start: ContinuousClock.Instant) -> Milliseconds {
    guard timeout > 0 else { return timeout }
    let passed = start.duration(to: .now) / .milliseconds(1)
    return Milliseconds(max(Double(timeout) - passed, 0).rounded(.up))
  }

  /// `reader.id`: which sub-buffer is the reader's.
  package var readerID: UInt32 { UInt32(truncatingIfNeeded: load(KernelLayout.metaReaderID)) }

  /// `reader.read`: how many bytes of it the ring buffer takes for read.
  package var readerRead: UInt32 { UInt32(truncatingIfNeeded: load(KernelLayout.metaReaderRead)) }

  /// `reader.lost_events`: events lost at the time of the reader swap.
  package var readerLostEvents: UInt64 { load(KernelLayout.metaReaderLostEvents) }

  /// All fields of the meta page, one load each.
  package var metaPage: KernelModelMetaPage {
    let isMerged = ring.parameters.variant == .asMerged
    return KernelModelMetaPage(
      metaPageSize: 4096, metaStructLength: 80,
      subbufferSize: UInt32(ring.parameters.subbufferSize), subbufferCount: UInt32(layout.pageCount),
      readerLostEvents: readerLostEvents, readerID: readerID, readerRead: readerRead,
      flags: isMerged ? 0 : nil,
      entries: load(KernelLayout.metaEntries),
      overrun: load(KernelLayout.metaOverrun),
      read: load(KernelLayout.metaRead),
      subbufsTouched: isMerged ? nil : load(KernelLayout.metaSubbufsTouched),
      subbufsLost: isMerged ? nil : load(KernelLayout.metaSubbufsLost),
      subbufsRead: isMerged ? nil : load(KernelLayout.metaSubbufsRead))
  }

  /// The size and number of the sub-buffers.
  package var geometry: Geometry { ring.parameters.geometry }

  /// The address of a sub-buffer by its id; `nil` if there is none by that id. It is valid as long as the ring buffer.
  package func unsafeSubbuffer(_ id: UInt32) -> UnsafeRawPointer? {
    guard Int(id) < layout.pageCount else { return nil }
    let page = Int(truncatingIfNeeded: load(layout.pageOfID(Int(id))))
    return UnsafeRawPointer(words.baseAddress) + layout.timestamp(page) * SharedWords.wordSize
  }

  /// The time stamp in the sub-buffer's header, loaded atomically; `nil` where there is no sub-buffer by that id.
  package func timestamp(_ id: UInt32) -> UInt64? {
    guard Int(id) < layout.pageCount else { return nil }
    return load(layout.timestamp(Int(truncatingIfNeeded: load(layout.pageOfID(Int(id))))))
  }

  /// The `commit` word of the sub-buffer's header, loaded atomically: the writer may be writing it; `nil` where there is
  /// no sub-buffer by that id.
  package func commitWord(_ id: UInt32) -> UInt64? {
    guard Int(id) < layout.pageCount else { return nil }
    return load(layout.commit(Int(truncatingIfNeeded: load(layout.pageOfID(Int(id))))))
  }

  private func load(_ word: Int) -> UInt64 { words.load(word, .acquire) }

  /// `true` if there is enough to read; where not, the writer knows that somebody waits.
  private var isReady: Bool {
    var words = words
    var poll = KernelPoll(layout, percent: ring.bufferPercent)
    return poll.run(on: &words)
  }
}

/// The contents of the meta page of a mapping of the model at one moment.
///
/// As merged, the fields are those of `struct trace_buffer_meta` in `include/uapi/linux/trace_mmap.h` of Linux 6.10; as
/// posted in v11 there are three more, and no `flags`. Both structures have 80 bytes on a 64-bit machine.
package struct KernelModelMetaPage: Sendable, Hashable {
  /// The size of the meta page in bytes.
  package var metaPageSize: UInt32
  /// The size of the structure in bytes.
  package var metaStructLength: UInt32
  /// The size of a sub-buffer in bytes, header included.
  package var subbufferSize: UInt32
  /// The number of sub-buffers, the reader's included.
  package var subbufferCount: UInt32
  /// "Number of events lost at the time of the reader swap."
  package var readerLostEvents: UInt64
  /// The id of the reader sub-buffer.
  package var readerID: UInt32
  /// "Number of bytes read on the reader subbuf", its header not counted.
  package var readerRead: UInt32
  /// "Placeholder for now, 0 until new features are supported."; `nil` as posted in v11.
  package var flags: UInt64?
  /// "Number of entries in the ring-buffer": all that were ever written.
  package var entries: UInt64
  /// "Number of entries lost in the ring-buffer."
  package var overrun: UInt64
  /// "Number of entries that have been read."
  package var read: UInt64
  /// "Number of subbufs that have been filled."; `nil` as merged.
  package var subbufsTouched: UInt64?
  /// "Number of subbufs lost to overrun."; `nil` as merged.
  package var subbufsLost: UInt64?
  /// "Number of subbufs that have been read."; `nil` as merged.
  package var subbufsRead: UInt64?
}

/// The counters of a ring buffer, as the kernel's file `per_cpu/cpuN/stats` tells them.
package struct KernelModelStats: Sendable, Hashable {
  /// Events in the ring buffer that were not read.
  package var entries: UInt64
  /// Events that were overwritten before they were read.
  package var overrun: UInt64
  /// Events that found no room, since the sub-buffer of an uncommitted event was the next one.
  package var commitOverrun: UInt64
  /// Events that the writer dropped in discard mode.
  package var droppedEvents: UInt64
  /// Events that were read.
  package var readEvents: UInt64

  init<Memory: AtomicMemory>(_ memory: inout Memory) {
    readEvents = memory.load(KernelLayout.read, .acquire)
    overrun = memory.load(KernelLayout.overrun, .acquire)
    commitOverrun = memory.load(KernelLayout.commitOverrun, .acquire)
    droppedEvents = memory.load(KernelLayout.droppedEvents, .acquire)
    // As in ring_buffer_entries_cpu.
    entries = memory.load(KernelLayout.entries, .acquire) &- overrun &- readEvents
  }
}
