import SubbufferSource

/// Tries the clauses of `SubbufferSource` on a back end.
public enum ConformanceKit {
  /// Tries all clauses.
  ///
  /// No error is thrown: one that comes where the clause under test allows none is a breach, any other makes the case
  /// inconclusive. A set-up that fails is inconclusive. An error of kind `interrupted` ends the run; what is left is
  /// inconclusive.
  /// - Returns: one result for each clause, in their order.
  public static func run(
    _ harness: some ConformanceHarness, _ options: ConformanceOptions = ConformanceOptions()
  ) -> [ClauseResult] {
    var run = ConformanceRun(harness, options)
    return run.results()
  }
}

/// The thoroughness of the tests.
public struct ConformanceOptions: Sendable {
  /// Over which ring buffers and events.
  public enum Extent: String, Sendable, CaseIterable {
    /// The smallest sub-buffers only, 2 of them in one mode and, for the histories alone, 8 in the other; all boundaries.
    case quick
    /// All modes and sizes of the harness, 2 and 8 sub-buffers, all boundaries.
    case full
  }

  /// Over which ring buffers and events.
  public var extent: Extent

  /// The time that a call that must come back may take before it counts as one that does not, in milliseconds. It is
  /// used up only by sources that break a clause.
  public var patience: Milliseconds

  /// The number of allocations that the calling thread has made. Without it clause 13 is inconclusive.
  public var allocations: (@Sendable () -> UInt64)?

  /// Options for a run.
  public init(
    extent: Extent = .full, patience: Milliseconds = 10_000, allocations: (@Sendable () -> UInt64)? = nil
  ) {
    self.extent = extent
    self.patience = patience
    self.allocations = allocations
  }
}

/// The interface of a back end to the kit: ring buffers with a writer, and the sizes of its events.
public protocol ConformanceHarness {
  /// The name for messages.
  var name: String { get }

  /// The modes of its ring buffers.
  var modes: [RingMode] { get }

  /// The sizes of sub-buffers to try, in bytes. Two, the smallest and a big one, are enough.
  var subbufferSizes: [Int] { get }

  /// The number of bytes of a sub-buffer that its header takes.
  var headerSize: Int { get }

  /// The number of bytes of a sub-buffer that an event takes, its own header, the sequence number and padding included,
  /// where no time stamp in full length is needed. It must not shrink as the payload grows.
  /// - Parameter payload: the bytes of the event beside those, at least 0.
  func eventSize(payload: Int) -> Int

  /// The biggest payload that its writer can write where a sub-buffer has room for the event, in bytes.
  var largestPayload: Int { get }

  /// `true` if ``ConformanceWriter/end()`` ends the writer for good. Needed for clause 6.
  var endsWriter: Bool { get }

  /// `true` if the writer can write on another thread while the source is in a call. Without it the kit does not try to
  /// wake a reader up that waits (clause 11), and an acquire that waits for the writer hangs it (clause 5).
  var writesConcurrently: Bool { get }

  /// Makes a ring buffer with a writer that is ready, calls the visitor once with both, and takes all of it down again.
  ///
  /// The ring buffer is new and empty. The ABI is set up so that it announces whatever can be acquired, and no timer
  /// ends partial sub-buffers.
  /// - Throws: ``SourceError`` where setting up or taking down fails.
  func withSource<Visitor: ConformanceVisitor>(
    _ shape: RingShape, _ visitor: inout Visitor
  ) throws(SourceError)
}

/// Something that uses one source and its writer: a case of the kit.
///
/// A protocol and not a closure, since the type of the source differs from back end to back end.
public protocol ConformanceVisitor {
  /// Uses a ring buffer.
  mutating func visit<Source: SubbufferSource & ~Copyable>(_ source: inout Source, _ writer: any ConformanceWriter)
}

/// The writer of the ring buffer that a source reads.
public protocol ConformanceWriter {
  /// Writes events and returns when all of them are committed or refused.
  ///
  /// Each event carries its sequence number where the source's decoder looks for it: `first`, `first + 1`, and so on.
  /// - Parameter payload: the bytes of each event beside its headers and its sequence number. One that the writer
  ///   cannot write at all, such as one that no sub-buffer has room for, it refuses.
  /// - Throws: ``SourceError`` where the writer is gone.
  func write(first: UInt64, count: UInt64, payload: Int) throws(SourceError) -> Written

  /// Ends the writer: nothing will be written any more. Called only where the harness says that it can.
  /// - Throws: ``SourceError`` where that fails.
  func end() throws(SourceError)
}

/// The writer's report on its events.
public struct Written: Sendable, Hashable {
  /// Events of which the ABI did not tell the writer that they were refused. They may be lost all the same.
  public var accepted: UInt64
  /// Events of which the ABI reported the writer that they were refused.
  public var refused: UInt64

  /// Counts both.
  public init(accepted: UInt64, refused: UInt64) {
    self.accepted = accepted
    self.refused = refused
  }
}

/// The ring buffer that a case asks a back end for. One of an ABI without sub-buffers has the same ``capacity``.
public struct RingShape: Sendable, Hashable, CustomStringConvertible {
  /// The behaviour when the ring buffer is full.
  public var mode: RingMode
  /// The size of a sub-buffer in bytes, header included.
  public var subbufferSize: Int
  /// The number of sub-buffers that the writer has, the reader's own not counted.
  public var subbufferCount: Int

  /// Describes a ring buffer.
  public init(mode: RingMode, subbufferSize: Int, subbufferCount: Int) {
    self.mode = mode
    self.subbufferSize = subbufferSize
    self.subbufferCount = subbufferCount
  }

  /// The bytes of all sub-buffers of the writer, headers included.
  public var capacity: Int { subbufferSize * subbufferCount }

  /// Mode, number and size in a few words.
  public var description: String { "\(mode.rawValue), \(subbufferCount) sub-buffers of \(subbufferSize) bytes" }
}
