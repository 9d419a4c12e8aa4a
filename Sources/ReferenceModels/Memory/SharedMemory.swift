import Glibc
import SubbufferSource
import Synchronization
import SystemPackage

/// Real memory for a design: zeroed words in pages of their own, freed with the object.
///
/// ``words`` is what the steps work on, from any thread. It does not keep the memory alive: whoever uses it keeps the
/// object.
package final class SharedMemory: Sendable {
  /// The words.
  package let words: SharedWords
  private let byteCount: Int

  /// Allocates zeroed memory that begins at a page.
  /// - Parameters:
  ///   - wordCount: the number of words of 64 bits, at least 1.
  ///   - fault: a defect, for tests of what notices it.
  /// - Throws: ``SubbufferSource/SourceError`` if there is not so much memory.
  package init(wordCount: Int, fault: MemoryFault? = nil) throws(SourceError) {
    let (byteCount, overflow) = wordCount.multipliedReportingOverflow(by: SharedWords.wordSize)
    guard wordCount > 0, !overflow else {
      throw SourceError(.usage, call: "mmap", detail: "\(wordCount) words of memory asked for")
    }
    let address = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address, address != MAP_FAILED else {
      throw SourceError(call: "mmap", errno: Errno(rawValue: errno), detail: "\(byteCount) bytes of memory")
    }
    // Zeroed pages are initialised atomics: their representation is that of the integer.
    words = SharedWords(
      start: address.assumingMemoryBound(to: Atomic<UInt64>.self), count: wordCount, fault: fault)
    self.byteCount = byteCount
  }

  deinit { munmap(words.baseAddress, byteCount) }
}

/// The words of a ``SharedMemory``: a handle that several threads can use at a time, with the atomics of the machine.
///
/// A word that is not there is a mistake in a design and ends the program.
package struct SharedWords: AtomicMemory, @unchecked Sendable {
  /// The size of a word in bytes.
  package static let wordSize = 8

  // Atomics may be used from any thread; that makes the handle Sendable.
  @usableFromInline let start: UnsafeMutablePointer<Atomic<UInt64>>
  @usableFromInline let fault: MemoryFault?
  /// The number of words.
  package let count: Int

  init(start: UnsafeMutablePointer<Atomic<UInt64>>, count: Int, fault: MemoryFault?) {
    self.start = start
    self.count = count
    self.fault = fault
  }

  /// The address of word 0, at the start of a page. Word `n` lies 8 x `n` bytes after it.
  @inlinable
  package var baseAddress: UnsafeMutableRawPointer { UnsafeMutableRawPointer(start) }

  @inlinable
  @inline(__always)
  func check(_ word: Int) { precondition(word >= 0 && word < count, "no such word") }

  /// The number that an addition adds to a word.
  @inlinable
  @inline(__always)
  func sum(_ operand: UInt64, _ word: Int) -> UInt64 {
    guard let fault else { return operand }
    let old = start[word].load(ordering: .relaxed)
    return fault.stored(word, old, old &+ operand) &- old
  }

  /// The value that a store puts into a word.
  @inlinable
  @inline(__always)
  func stored(_ value: UInt64, _ word: Int) -> UInt64 {
    guard let fault else { return value }
    return fault.stored(word, start[word].load(ordering: .relaxed), value)
  }

  /// Loads a word atomically.
  @inlinable
  @inline(__always)
  package func load(_ word: Int, _ order: LoadOrder) -> UInt64 {
    check(word)
    return switch order {
    case .relaxed: start[word].load(ordering: .relaxed)
    case .acquire: start[word].load(ordering: .acquiring)
    case .sequentiallyConsistent: start[word].load(ordering: .sequentiallyConsistent)
    }
  }

  /// Stores a word atomically.
  @inlinable
  @inline(__always)
  package func store(_ value: UInt64, to word: Int, _ order: StoreOrder) {
    check(word)
    let value = stored(value, word)
    switch order {
    case .relaxed: start[word].store(value, ordering: .relaxed)
    case .release: start[word].store(value, ordering: .releasing)
    case .sequentiallyConsistent: start[word].store(value, ordering: .sequentiallyConsistent)
    }
  }

  /// Stores `desired` where the word is `expected`.
  /// - Returns: whether it was, and what the word was.
  @inlinable
  @inline(__always)
  package func compareExchange(
    _ word: Int, expected: UInt64, desired: UInt64, _ order: UpdateOrder
  ) -> (exchanged: Bool, original: UInt64) {
    check(word)
    let desired = stored(desired, word)
    return switch order {
    case .relaxed: start[word].compareExchange(expected: expected, desired: desired, ordering: .relaxed)
    case .acquire: start[word].compareExchange(expected: expected, desired: desired, ordering: .acquiring)
    case .release: start[word].compareExchange(expected: expected, desired: desired, ordering: .releasing)
    case .acquireRelease:
      start[word].compareExchange(expected: expected, desired: desired, ordering: .acquiringAndReleasing)
    case .sequentiallyConsistent:
      start[word].compareExchange(expected: expected, desired: desired, ordering: .sequentiallyConsistent)
    }
  }

  /// Adds to a word, with wrap-around.
  /// - Returns: what the word was before.
  @inlinable
  @inline(__always)
  package func fetchAdd(_ word: Int, _ operand: UInt64, _ order: UpdateOrder) -> UInt64 {
    check(word)
    let operand = sum(operand, word)
    return switch order {
    case .relaxed: start[word].wrappingAdd(operand, ordering: .relaxed).oldValue
    case .acquire: start[word].wrappingAdd(operand, ordering: .acquiring).oldValue
    case .release: start[word].wrappingAdd(operand, ordering: .releasing).oldValue
    case .acquireRelease: start[word].wrappingAdd(operand, ordering: .acquiringAndReleasing).oldValue
    case .sequentiallyConsistent: start[word].wrappingAdd(operand, ordering: .sequentiallyConsistent).oldValue
    }
  }

  // Relaxed atomics: plain accesses in the machine's code, and no data race in the language's terms.
  /// Stores a word without any ordering.
  @inlinable
  @inline(__always)
  package func writePlain(_ value: UInt64, to word: Int) { store(value, to: word, .relaxed) }

  /// Loads a word without any ordering.
  @inlinable
  @inline(__always)
  package func readPlain(_ word: Int) -> UInt64 { load(word, .relaxed) }
}

/// A defect of a memory, for tests of what notices it.
package struct MemoryFault: Sendable {
  /// Returns the value that a store really puts into a word.
  @usableFromInline let stored: @Sendable (_ word: Int, _ old: UInt64, _ new: UInt64) -> UInt64

  /// Describes a defect.
  /// - Parameter stored: returns the value that a store puts into a word, from the value there and the one to be stored.
  package init(_ stored: @escaping @Sendable (_ word: Int, _ old: UInt64, _ new: UInt64) -> UInt64) {
    self.stored = stored
  }
}
