/// The offsets of the parts of a ring buffer in its memory, in words of 64 bits.
///
///     control | pages by id | descriptors of the pages | sub-buffers
///
/// The names are those of kernel/trace/ring_buffer.c: the control words are fields of `struct ring_buffer_per_cpu` and of
/// the meta page, a descriptor is a `struct buffer_page`. A page is named by its index, which never changes; its id is
/// what a mapping calls it. What the writer and the reader write lies in cache lines of their own.
package struct KernelLayout: Sendable, Hashable {
  /// The parameters of the ring buffer.
  package let parameters: KernelModelParameters
  /// The number of words in all.
  package let wordCount: Int

  let dataSize: UInt64
  let subbufferWords: Int
  let descriptorStart: Int
  let dataStart: Int

  /// The layout of a ring buffer.
  package init(_ parameters: KernelModelParameters) {
    self.parameters = parameters
    let pages = parameters.subbufferCount + 1
    dataSize = UInt64(parameters.dataSize)
    subbufferWords = parameters.subbufferSize / 8
    descriptorStart = Self.pageOfID + (pages + 7) / 8 * 8
    dataStart = descriptorStart + pages * Self.descriptorWords
    wordCount = dataStart + pages * subbufferWords
  }

  /// The number of pages, the reader's own included.
  var pageCount: Int { parameters.subbufferCount + 1 }

  // Written by the writer.
  static let tailPage = 0
  static let commitPage = 1
  static let entries = 2
  static let overrun = 3
  static let droppedEvents = 4
  static let pagesTouched = 5
  static let pagesLost = 6
  static let lastPagesTouch = 7

  // Written by readers, under the lock.
  static let readerLock = 8
  static let readerPage = 9
  static let headPage = 10
  static let read = 11
  static let lostEvents = 12
  static let lastOverrun = 13
  static let pagesRead = 14

  // The state of waiters (`struct rb_irq_work`, `shortest_full`).
  static let waitersPending = 16
  static let fullWaitersPending = 17
  static let shortestFull = 18

  // The meta page.
  static let metaEntries = 24
  static let metaOverrun = 25
  static let metaRead = 26
  static let metaSubbufsTouched = 27
  static let metaSubbufsLost = 28
  static let metaSubbufsRead = 29
  static let metaReaderLostEvents = 30
  static let metaReaderID = 31
  static let metaReaderRead = 32

  // Written by writers that interrupt another.
  static let commitOverrun = 40

  private static let pageOfID = 48
  private static let descriptorWords = 8

  /// The index of the page that has an id (`subbuf_ids`).
  @inline(__always)
  func pageOfID(_ id: Int) -> Int { Self.pageOfID + id }

  @inline(__always)
  private func descriptor(_ page: Int) -> Int { descriptorStart + page * Self.descriptorWords }

  /// The next page and, in the low two bits, what ``PageLink`` says of it.
  @inline(__always)
  func next(_ page: Int) -> Int { descriptor(page) }
  /// The page before.
  @inline(__always)
  func previous(_ page: Int) -> Int { descriptor(page) + 1 }
  /// Bytes of data that are reserved.
  @inline(__always)
  func write(_ page: Int) -> Int { descriptor(page) + 2 }
  /// Events.
  @inline(__always)
  func entries(_ page: Int) -> Int { descriptor(page) + 3 }
  /// Bytes of data before the padding at the end; 0 if there is none.
  @inline(__always)
  func realEnd(_ page: Int) -> Int { descriptor(page) + 4 }
  /// Bytes of data that were read.
  @inline(__always)
  func read(_ page: Int) -> Int { descriptor(page) + 5 }
  /// The id of the page in the mapping.
  @inline(__always)
  func id(_ page: Int) -> Int { descriptor(page) + 6 }

  /// The time stamp of the sub-buffer, the first word of its header.
  @inline(__always)
  func timestamp(_ page: Int) -> Int { dataStart + page * subbufferWords }
  /// The `commit` word of the sub-buffer's header.
  @inline(__always)
  func commit(_ page: Int) -> Int { timestamp(page) + KernelSubbufferFormat.commitWord }
  /// The word of the data that is `offset` bytes after the header; `offset` is less than the size of the data.
  @inline(__always)
  func data(_ page: Int, _ offset: UInt64) -> Int {
    timestamp(page) + KernelSubbufferFormat.headerSize / 8 + Int(truncatingIfNeeded: offset / 8)
  }
}

extension KernelLayout {
  /// Makes zeroed memory a ring buffer: pages 0 and up in a ring, all empty, the last page the reader's own
  /// (`rb_allocate_cpu_buffer`).
  package func initialize<Memory: AtomicMemory>(_ memory: inout Memory) {
    let count = parameters.subbufferCount
    for page in 0..<count {
      let next = (page + 1) % count
      memory.store(PageLink(next, next == 0 ? PageLink.head : PageLink.normal).word, to: self.next(page), .relaxed)
      memory.store(UInt64((page + count - 1) % count), to: previous(page), .relaxed)
    }
    // The reader's page is outside the ring and links to itself.
    memory.store(PageLink(count, PageLink.normal).word, to: next(count), .relaxed)
    memory.store(UInt64(count), to: previous(count), .relaxed)
    memory.store(UInt64(count), to: Self.readerPage, .release)
  }

  /// Gives the pages ids and fills in the meta page, as the first mapping does: 0 is the reader's page, then come those
  /// of the ring from the head on (`rb_setup_ids_meta_page`).
  ///
  /// Readers must be kept out meanwhile; a writer may write.
  package func assignIDs<Memory: AtomicMemory>(_ memory: inout Memory) {
    let reader = Int(truncatingIfNeeded: memory.load(Self.readerPage, .relaxed))
    var findHead = KernelFindHead(self)
    var page = findHead.run(on: &memory)
    assign(0, to: reader, &memory)
    for id in 1..<pageCount {
      assign(id, to: page, &memory)
      page = PageLink(word: memory.load(next(page), .acquire)).page
    }
    var update = KernelUpdateMetaPage(self, readerPage: reader)
    update.run(on: &memory)
  }

  private func assign<Memory: AtomicMemory>(_ id: Int, to page: Int, _ memory: inout Memory) {
    memory.store(UInt64(id), to: self.id(page), .relaxed)
    memory.store(UInt64(page), to: pageOfID(id), .release)
  }
}

/// The bytes of a sub-buffer of the model. The header is that of the kernel (`struct buffer_data_page`), the events are
/// the model's own, whole words of 64 bits, in the byte order of the machine:
///
///      0 u64 time stamp     nanoseconds of CLOCK_MONOTONIC at its first event
/// 8 u64 commit         bytes of committed events; bit 31: events were missed before, bit 30: their number is stored
///     16 events             after the data, as a u64
///
///     event:    0 u32 size in bytes, this word included, a multiple of 8
///               4 u32 type
///               8 u64 sequence number
///              16 payload, rounded up to 8 bytes
///     padding:  0 u32 size in bytes
///               4 u32 type
enum KernelSubbufferFormat {
  /// The size of the header in bytes (`BUF_PAGE_HDR_SIZE`).
  static let headerSize = 16
  /// The offset of `commit` in words.
  static let commitWord = 1
  /// The bytes of an event before its payload.
  static let eventHeaderSize = 16

  /// The type of an event.
  static let eventType: UInt32 = 1
  /// The type of the rest of a sub-buffer in which there was no room for the next event.
  static let paddingType: UInt32 = 2
  /// The type of an event that is not the workload's: written by an interrupted writer, or by one that interrupts it.
  static let otherType: UInt32 = 3

  /// Bit 30 of `commit`: the number of missed events is stored after the data (`RB_MISSED_STORED`).
  static let missedStored: UInt64 = 1 << 30
  /// Bit 31 of `commit`: events were missed before this sub-buffer (`RB_MISSED_EVENTS`). The kernel adds the `int`
  /// `1 << 31` to a `long`, so bits 32 to 63 become ones as well.
  static let missedEvents = UInt64(bitPattern: Int64(Int32.min))
  /// The bits of `commit` that are the number of bytes.
  static let lengthMask: UInt64 = (1 << 30) - 1

  /// The first word of an event or of padding.
  @inline(__always)
  static func word(size: Int, type: UInt32) -> UInt64 {
    UInt64(truncatingIfNeeded: size) | UInt64(type) << 32
  }

  /// The size of an event in bytes.
  static func eventSize(payload: UInt32) -> Int { eventHeaderSize + (Int(payload) + 7) / 8 * 8 }

  /// A word of the payload: follows from the sequence number, so that a reader can tell a torn event.
  @inline(__always)
  static func payloadWord(_ index: Int, of sequence: UInt64) -> UInt64 {
    (sequence &+ UInt64(truncatingIfNeeded: index) &+ 1) &* 0x9E37_79B9_7F4A_7C15
  }
}

/// The `next` pointer of a page: an index and two flags (kernel/trace/ring_buffer.c, `RB_PAGE_HEAD`, `RB_PAGE_UPDATE`).
///
/// The pointer *to* the head page has a flag, and not the head page itself: so one compare-exchange of it says both that
/// the page is still the next one and that it is still the head. A reader exchanges the head page only while the flag is
/// ``head``; a writer that pushes the head forward makes it ``update`` meanwhile.
struct PageLink: Sendable, Hashable {
  /// The word in memory.
  let word: UInt64

  /// No flag.
  static let normal: UInt64 = 0
  /// The page pointed to is the head page, the oldest one.
  static let head: UInt64 = 1
  /// The page pointed to was the head page, and the writer is moving the head.
  static let update: UInt64 = 2

  @inline(__always)
  init(word: UInt64) { self.word = word }

  @inline(__always)
  init(_ page: Int, _ flag: UInt64) { word = UInt64(truncatingIfNeeded: page) << 2 | flag }

  /// The index of the page pointed to.
  @inline(__always)
  var page: Int { Int(truncatingIfNeeded: word >> 2) }
  /// The flag.
  @inline(__always)
  var flag: UInt64 { word & 3 }
}
