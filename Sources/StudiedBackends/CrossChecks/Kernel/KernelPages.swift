import Study
import SubbufferSource
import TracefsBackend
import Workload

/// The sub-buffers that were handed out or read, whole, and what they tell.
final class KernelPages {
  /// The sub-buffers, in order.
  private(set) var pages: [[UInt8]] = []
  /// The events in them.
  private(set) var events: [TimedEvent] = []
  /// The missed events that their headers report.
  private(set) var missed = KernelReading.Missed()
  /// The sub-buffers that report missed events without a number although there is room for one after the data.
  private(set) var withoutNumberInSpiteOfRoom: UInt64 = 0
  /// The headers that report missed events, in a line each.
  private(set) var lossLines: [String] = []

  private let decoder: FtracePageDecoder

  init(_ decoder: FtracePageDecoder) {
    self.decoder = decoder
  }

  /// Takes a sub-buffer, or more of the one that was taken last.
  /// - Parameters:
  ///   - page: all its bytes.
  ///   - handover: how it was handed out.
  /// - Throws: ``SourceError`` of kind `malformed` where it cannot be decoded, or has more or less than was handed out.
  func take(_ page: [UInt8], _ handover: UnsafeHandover) throws(SourceError) {
    let header = try decoder.header(of: page.span.bytes)
    guard handover.count == header.endOfData else {
      throw SourceError(
        .malformed, call: "copy a sub-buffer", detail: "\(header.endOfData) bytes, \(handover.count) handed out",
        remedy: "report it: the producer wrote while sub-buffers were copied")
    }
    let decoded = try decoder.events(in: page, count: header.endOfData, unreadOffset: handover.unreadOffset)
    let new = zip(decoded.sequences, decoded.times).map { TimedEvent(sequence: $0, time: $1) }
    if handover.unreadOffset > decoder.page.dataOffset, !pages.isEmpty { pages.removeLast() }
    enter(handover.loss, header, of: page, before: new.first)
    pages.append(page)
    events += new
  }

  private func enter(_ loss: Loss, _ header: PageHeader, of page: [UInt8], before next: TimedEvent?) {
    switch loss {
    case .events(let count): missed.counted &+= count
    // An upper bound is the meta page's: the header has the mark alone.
    case .some, .atMost:
      missed.withoutNumber += 1
      missed.missingWithoutNumber &+= next.map { $0.sequence &- events.nextSequence } ?? 0
      if page.count - header.endOfData >= decoder.page.commitSize { withoutNumberInSpiteOfRoom += 1 }
    case .none, .notTold, .packets: return
    }
    let commit = "commit 0x\(String(header.commit, radix: 16)), \(header.dataLength) bytes of data"
    lossLines.append("sub-buffer \(pages.count): \(commit), missed: \(loss.text)")
  }

  /// All of it, as a reading.
  func reading(_ truth: Truth, _ stats: CPUStats) -> KernelReading {
    KernelReading(truth: truth, events: events, missed: missed, stats: stats)
  }
}
