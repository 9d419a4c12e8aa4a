/// The offsets of the parts of a ring buffer in its memory, in words of 64 bits.
///
///     control | pages by id | descriptors of the pages | sub-buffers
///
/// The names are those of kernel/trace/ring_buffer.c: the control words are fields of `struct ring_buffer_per_cpu` and of
/// the meta page, a descriptor is a `struct buffer_page`. A page is named by its index, which never changes; its id is
/// what a mapping calls it. What the writer and the reader write lies in cache lines of their own.
public struct KernelLayout: Sendable, Hashable {
  /// The parameters of the ring buffer.
  public let parameters: KernelModelParameters
  /// The number of words in all.
  public let wordCount: Int

  let dataSize: UInt64
  let subbufferWords: Int
  let descriptorStart: Int
  let dataStart: Int

  /// The layout of a ring buffer.
  public init(_ parameters: KernelModelParameters) {
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
