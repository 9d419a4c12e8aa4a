import Results
import SubbufferSource
import Workload

/// A writer whose every event goes into ring buffers of several back ends at once.
public protocol SharedWriter: Sendable {
  /// The names of the back ends whose ring buffers it can feed.
  var backends: [String] { get }

  /// The number of bytes that an event takes in a ring buffer of a back end, its header included.
  func eventSize(payload: UInt32, of backend: String) -> Int

  /// Starts the writer, makes a ring buffer of each of some back ends that it feeds, and lets `body` use all of them.
  /// - Parameters:
  ///   - backends: some of ``backends``.
  ///   - configuration: that of every ring buffer.
  ///   - body: called with the writer, and with a reader of each ring buffer in the order of the names.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails.
  func withReaders(
    of backends: [String], _ configuration: RingConfiguration,
    _ body: (any LoadProducer, [any SharedReader]) throws(SourceError) -> Void
  ) throws(SourceError)
}

/// A reader of one of the ring buffers that a writer feeds, which writes down what it finds.
public protocol SharedReader: AnyObject {
  /// The name of the back end.
  var backend: String { get }
  /// The observations so far.
  var history: LossHistory { get }
  /// Events were written.
  func note(_ truth: Truth)
  /// Reads until there is nothing; at the end also what remains to be reported.
  /// - Throws: ``SourceError`` where a call fails.
  func readAll(isLast: Bool) throws(SourceError)
}

/// A reader of a source.
public final class SharedSourceReader<Source: SubbufferSource & ~Copyable>: SharedReader {
  /// The name of the back end.
  public let backend: String
  private var source: Source
  private let recording: LossRecording
  private var drain: LossDrain

  /// Reads a source of a back end.
  public init(_ backend: String, _ source: consuming Source) {
    self.backend = backend
    self.source = source
    recording = LossRecording()
    drain = LossDrain(recording: recording)
  }

  /// The observations so far.
  public var history: LossHistory { recording.history }

  /// Events were written.
  public func note(_ truth: Truth) { recording.add(truth) }

  /// Reads until there is nothing; at the end also what remains to be reported.
  /// - Throws: ``SourceError`` where a call fails.
  public func readAll(isLast: Bool) throws(SourceError) {
    try recording.readChannels(of: &source)
    if isLast { try drain.finish(&source) } else { try drain.readAll(&source) }
    try recording.readChannels(of: &source, isEnd: isLast)
  }
}
