import SubbufferSource
import Synchronization
import SystemPackage

/// A ring buffer of the LTTng design in real memory, with one writer and one reader: a model of a channel of
/// LTTng-UST 2.13.5 on one CPU.
public final class LTTngModelChannel: Sendable {
  /// The attributes of the ring buffer.
  public let attributes: LTTngModelAttributes
  /// The writer.
  public let writer: LTTngModelWriter
  let ring: LTTngRing
  /// `true` until a reader asks for the stream, which is opened with the channel.
  private let isStreamUntaken = Atomic(true)

  /// Makes a ring buffer.
  /// - Throws: ``SubbufferSource/SourceError`` where there is not enough memory or too many files are open.
  public init(_ attributes: LTTngModelAttributes) throws(SourceError) {
    self.attributes = attributes
    ring = try LTTngRing(LTTngLayout(attributes))
    writer = LTTngModelWriter(ring)
    _ = ring.run(OpenForReading(layout: ring.layout))
  }

  /// Hands out the stream for reading.
  ///
  /// The first one was opened with the channel. A later one is opened anew and has no wait descriptor any more, since
  /// the first one closed it.
  ///
  /// The corresponding C function is `lttng_ust_ctl_create_stream`.
  /// - Throws: ``SubbufferSource/SourceError`` with `EBUSY` where the stream has a reader.
  public func stream() throws(SourceError) -> LTTngModelStream {
    if !isStreamUntaken.exchange(false, ordering: .acquiringAndReleasing) {
      guard ring.run(OpenForReading(layout: ring.layout)) else {
        throw SourceError(
          call: "lib_ring_buffer_open_read", errno: .resourceBusy, remedy: "close the stream that has it open")
      }
    }
    return LTTngModelStream(of: self)
  }

  /// The number of times that an internal error (`CHAN_WARN_ON`, `frontend_types.h`) was found in the writer's process.
  /// After the first one the writer writes no more.
  public var writerErrorCount: UInt64 { errorCount(in: .traced) }

  /// The number of times that an internal error was found in the reader's process. Its copy of the channel is not the
  /// writer's, so the writer does not learn of it.
  public var readerErrorCount: UInt64 { errorCount(in: .consumer) }

  private func errorCount(in process: LTTngProcess) -> UInt64 {
    ring.words.load(ring.layout.recordDisabled(in: process), .relaxed)
  }
}

/// The state shared by writer and reader: the memory and the pipe.
final class LTTngRing: Sendable {
  let layout: LTTngLayout
  let words: SharedWords
  let pipe: LTTngWakeupPipe
  private let memory: SharedMemory

  init(_ layout: LTTngLayout) throws(SourceError) {
    self.layout = layout
    memory = try SharedMemory(wordCount: layout.wordCount)
    pipe = try LTTngWakeupPipe()
    words = memory.words
    var words = words
    layout.initialize(&words)
  }

  /// Makes all steps of an operation.
  @inline(__always)
  func run<Machine: StepMachine>(_ machine: consuming Machine) -> Machine.Output {
    var words = words
    return machine.run(on: &words)
  }
}
