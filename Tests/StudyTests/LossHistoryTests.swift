import Foundation
import Study
import SubbufferSource
import Testing

@Suite struct LossHistoryTests {
  @Test(arguments: ["7: 200-291, 300-310", "7:", "0: 5", "18446744073709551615: 0-18446744073709551615"])
  func aHandoverIsALine(_ line: String) throws {
    let record = try #require(HandoverRecord(text: line))
    #expect(record.text == line)
    #expect(try JSONDecoder().decode(HandoverRecord.self, from: JSONEncoder().encode(record)) == record)
  }

  @Test(arguments: ["", "7", "x: 1", "7: 3-2", "7: 1-2-3", "7: a", "7: 1-", "7: -1", "7: 1:2", "-1: 2"])
  func whatIsNoHandoverIsRefused(_ line: String) {
    #expect(HandoverRecord(text: line) == nil)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(HandoverRecord.self, from: JSONEncoder().encode(line))
    }
  }

  @Test(arguments: [
    ReadingRecord(handover: 0, loss: .notTold), ReadingRecord(handover: 3, loss: .events(2300)),
    ReadingRecord(handover: 3, loss: .atMost(.max)), ReadingRecord(handover: 1, loss: .packets(0), marks: 4),
    ReadingRecord(handover: 1, loss: .packets(1)), ReadingRecord(handover: 1, loss: .packets(1, events: 1)),
    ReadingRecord(handover: 1, loss: .atMost(1)),
    ReadingRecord(handover: 9, loss: .some, marks: 1), ReadingRecord(handover: 9, loss: Loss.none),
  ])
  func aReadingIsALine(_ record: ReadingRecord) {
    #expect(ReadingRecord(text: record.text) == record)
  }

  @Test(arguments: [
    "", "3", "3: many", "-1: none", "3: 5 events; marked", "3: 5 events; x marked", "3: -5 events", "3: ",
    "3: at most 2 packets", "3: 2 apples", "3: 1 event left", "3: 1 packet and", "3: 1 event and 1 packet",
    "3: 1 packet and 0 events",
  ])
  func whatIsNoReadingIsRefused(_ line: String) {
    #expect(ReadingRecord(text: line) == nil)
  }
}
