import SubbufferSource
import Synchronization
import SystemPackage

/// A ring buffer of the LTTng design in real memory, with one writer and one reader: a model of a channel of
/// LTTng-UST 2.13.5 on one CPU.
package final class LTTngModelChannel: Sendable {
  /// The attributes of the ring buffer.
  package let attributes: LTTngModelAttributes
  /// The writer.
  package let writer: LTTngModelWriter
  let ring: LTTngRing
  /// `true` until a reader asks for the stream, which is opened with the channel.
  private let isStreamUntaken = Atomic(true)

  /// Makes a ring buffer.
  /// - Throws: ``SubbufferSource/SourceError`` where there is not enough memory or too many files are open.
  package init(_ attributes: LTTngModelAttributes) throws(SourceError) {
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
  package func stream() throws(SourceError) -> LTTngModelStream {
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
  package var writerErrorCount: UInt64 { errorCount(in: .traced) }

  /// The number of times that an internal error was found in the reader's process. Its copy of the channel is not the
  /// writer's, so the writer does not learn of it.
  package var readerErrorCount: UInt64 { errorCount(in: .consumer) }

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

/// The attributes of a ring buffer of the LTTng design.
package struct LTTngModelAttributes: Sendable, Hashable {
  /// The behaviour of the writer when all sub-buffers are full.
  package let mode: RingMode
  /// The size of a sub-buffer in bytes, header included: a power of two. LTTng-UST asks for a page or more; the model
  /// also takes less, so that few events fill it.
  package let subbufferSize: Int
  /// The number of sub-buffers for the writer: a power of two; overwrite mode adds one for the reader.
  package let subbufferCount: Int
  /// Becomes `cpu_id` in the packet headers.
  package let cpu: UInt32

  /// The smallest sub-buffer that the model takes, in bytes: a header and one event.
  package static let leastSubbufferSize = 128
  /// The largest sub-buffer that the model takes, in bytes.
  package static let largestSubbufferSize = 1 << 24
  /// The largest number of sub-buffers that the model takes.
  package static let largestSubbufferCount = 1 << 12

  /// Attributes that a ring buffer can be made with.
  ///
  /// The rules are those of `channel_backend_init` (`ring_buffer_backend.c`): powers of two, and two sub-buffers or
  /// more in overwrite mode.
  /// - Throws: ``SourceError`` of kind `usage`.
  package init(mode: RingMode, subbufferSize: Int, subbufferCount: Int, cpu: UInt32 = 0) throws(SourceError) {
    let call = "channel_backend_init"
    let sizes = Self.leastSubbufferSize...Self.largestSubbufferSize
    guard sizes.contains(subbufferSize), subbufferSize & (subbufferSize - 1) == 0 else {
      throw SourceError(
        .usage, call: call, detail: "sub-buffers of \(subbufferSize) bytes",
        remedy: "choose a power of two from \(sizes.lowerBound) to \(sizes.upperBound)")
    }
    let counts = (mode == .overwrite ? 2 : 1)...Self.largestSubbufferCount
    guard counts.contains(subbufferCount), subbufferCount & (subbufferCount - 1) == 0 else {
      throw SourceError(
        .usage, call: call, detail: "\(subbufferCount) sub-buffers in \(mode) mode",
        remedy: "choose a power of two from \(counts.lowerBound) to \(counts.upperBound)")
    }
    self.mode = mode
    self.subbufferSize = subbufferSize
    self.subbufferCount = subbufferCount
    self.cpu = cpu
  }

  /// The shape of the ring buffer.
  package var geometry: Geometry {
    let own = mode == .overwrite ? 1 : 0
    return Geometry(subbufferSize: subbufferSize, subbufferCount: subbufferCount + own, readerSubbuffers: own)
  }

  /// The number of words of memory that the ring buffer takes.
  package var wordCount: Int { LTTngLayout(self).wordCount }
}
