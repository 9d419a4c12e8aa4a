import Platform
import Results
@testable import Study
import SubbufferSource
import TestResults
import Testing
import Workload

/// The parts of writer timing that need no ring buffer.
@Suite struct WriterOverheadTests {
  /// LTTng-UST's stream is open until its reader closes it, so conditions without a reader come after those with one.
  @Test func whatIsWithoutAReaderLiesBehindTheReader() {
    var firsts: Set<WriterCondition> = []
    for seed in 0..<32 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let order = WriterOverheadOrder(WriterCondition.allCases, using: &generator)
      #expect(Set(order.reader) == Set(WriterCondition.allCases.filter(\.hasReader)))
      #expect(Set(order.behind) == Set(WriterCondition.allCases.filter { !$0.hasReader }))
      #expect(order.reader.count + order.behind.count == WriterCondition.allCases.count)
      firsts.insert(order.behind.filter { $0 != .noWrite && $0 != .busyCPU }[0])
    }
    #expect(firsts == [.noReader, .noReaderAgain])
  }

  @Test func anEventThatComesTwiceIsRefused() throws {
    var delivered = DeliveredEvents(first: 10, count: 3)
    for sequence: UInt64 in [9, 10, 12, 13] { delivered.add(sequence) }
    try delivered.check()
    #expect(delivered.count == 2)
    #expect([0, 1, 2].map { delivered[$0] } == [true, false, true])
    delivered.add(12)
    #expect { try delivered.check() } throws: { ($0 as? SourceError)?.kind == .malformed }
  }

  private let truth = Truth(produced: 3, accepted: 2, refused: 1, firstErrno: 9, begin: 0, end: 1)
  private let times = [
    EventTime(service: 100, response: 110, isRefused: false), EventTime(service: 50, response: 55, isRefused: true),
    EventTime(service: 200, response: 210, isRefused: false),
  ]

  @Test func inOverwriteModeWhatIsRefusedIsWhatTheWriterWasTold() throws {
    let measure = WriterOverheadMeasure(
      times, truth, delivered: DeliveredEvents(first: 0, count: 3), tellsWriter: true, mode: .overwrite, place: 4)
    #expect(measure.service == Trial("4 0 100 200: 100*1 200*1"))
    #expect(measure.serviceOfRefused == Trial("4 0 50 50: 50*1"))
    #expect(measure.response == Trial("4 0 55 210: 55*1 110*1 210*1"))
    #expect((measure.produced, measure.delivered, measure.refused) == (3, 0, 1))
  }

  /// LTTng's writer gets no error for a discarded event.
  @Test func inDiscardModeWhatWasNotDeliveredWasRefused() throws {
    var delivered = DeliveredEvents(first: 7, count: 3)
    delivered.add(7)
    let measure = WriterOverheadMeasure(
      times, truth, delivered: delivered, tellsWriter: false, mode: .discard, place: 1)
    #expect(measure.service == Trial("1 0 100 100: 100*1"))
    #expect(measure.serviceOfRefused == Trial("1 0 50 200: 50*1 200*1"))
    #expect(measure.refused == nil)
  }

  @Test func trialsAddUp() {
    var row = WriterOverheadResult(backend: "b", mode: .overwrite, condition: .noReader, call: "c", setup: [])
    let unread = WriterOverheadMeasure(times, truth, delivered: nil, tellsWriter: true, mode: .overwrite, place: 1)
    row.add(unread)
    #expect(row.delivered == nil)
    row.add(unread)
    #expect((row.produced, row.refused) == (6, 2))
    #expect(row.service.count == 2 && row.serviceOfRefused.count == 2 && row.response.count == 2)
    #expect(row.service.percentiles(50) == [100, 100])
  }
}
