import Foundation
import Results
import SubbufferSource
import Testing

/// Records of losses as JSON.
@Suite struct LossHistoryTests {
  private func decoded<Record: Codable>(_ record: Record) throws -> Record {
    try JSONDecoder().decode(Record.self, from: JSONEncoder().encode(record))
  }

  @Test func `a hand-over is stored with its runs`() throws {
    let record = HandoverRecord(number: .max, runs: [200...291, 300...300, 0...UInt64.max])
    #expect(try decoded(record) == record)
    let json = String(decoding: try JSONEncoder().encode(HandoverRecord(number: 7, runs: [1...2])), as: UTF8.self)
    #expect(json.contains(#""runs":[[1,2]]"#))
  }

  @Test(arguments: [
    Loss.notTold, .none, .some, .events(2300), .events(0), .atMost(.max), .packets(0), .packets(1),
    .packets(1, events: 1),
  ])
  func `a reported loss is stored with its kind and its numbers`(_ loss: Loss) throws {
    let reading = ReadingRecord(handover: 3, loss: loss, marks: 4)
    #expect(try decoded(reading) == reading)
  }

  @Test(arguments: [
    #"{"kind": "many"}"#, #"{"kind": "events"}"#, #"{"kind": "packets", "packets": 1}"#, #"{"events": 1}"#, "5",
    #"{"kind": "events", "events": -1}"#,
  ])
  func `a loss without its numbers is refused`(_ json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Loss.self, from: Data(json.utf8)) }
  }

  @Test func `a run that ends before it begins is refused`() {
    let json = Data(#"{"number": 7, "runs": [[3, 2]]}"#.utf8)
    #expect(throws: (any Error).self) { try JSONDecoder().decode(HandoverRecord.self, from: json) }
  }
}
