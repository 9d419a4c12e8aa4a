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
