@testable import LTTngBackend
import LTTngUSTABI
@testable import LTTngUSTBackend
import Study
import SubbufferSource
import Testing
import Workload

extension LiveTests {
  /// Writes of a traced process that are stopped at each change in the memory of the ring buffer.
  @Suite struct SteppedWriteTests {
    private let study: LTTngUSTStudy

    init() throws {
      study = try #require(LiveBackends.available("lttng-ust") as? LTTngUSTStudy)
    }

    private func stops(_ mode: RingMode, _ event: SteppedEvent) throws -> [WriteStop] {
      var stops: [WriteStop] = []
      try study.withStoppedWrite(mode, event) { (write) throws(SourceError) in
        try write.atEachStop { stops.append($0) }
      }
      return stops
    }

    @Test(arguments: RingMode.allCases)
    func `a write that exceeds its sub-buffer ends it and begins the next`(
      _ mode: RingMode
    ) throws {
      let stops = try stops(mode, .exceeds)
      func first(_ field: String) throws -> Int { try #require(stops.firstIndex { $0.field == field }, "\(field)") }
      let (offset, header, event) = try (first("offset"), first("packet_header[next]"), first("event"))
      #expect(offset < header && header < event)
      #expect(try offset < first("commit_hot[this].cc"))
      #expect(try first("packet_header[this]") < first("commit_hot[next].seq"))
      #expect(stops.map(\.number) == Array(1...stops.count))
      #expect(stops[event].isDelivered && !stops[event].isCommitted)
      #expect(stops.last?.isCommitted == true)
    }

    @Test func `a write that fits is neither an end nor a delivery`() throws {
      let stops = try stops(.discard, .fits)
      #expect(!stops.contains { $0.isDelivered || $0.field.contains("next") })
      #expect(stops.contains { $0.field == "event" && !$0.isCommitted })
      #expect(stops.contains { $0.isCommitted })
    }

    @Test func `a write that fills its sub-buffer is committed before the delivery`() throws {
      let stops = try stops(.discard, .fills)
      let (committed, delivered) = (stops.firstIndex(where: \.isCommitted), stops.firstIndex(where: \.isDelivered))
      #expect(try #require(committed) < #require(delivered))
      #expect(!stops.contains { $0.field == "packet_header[next]" })
    }

    @Test func `what is done at a stop is undone before the write goes on`() throws {
      try study.withStoppedWrite(.discard, .exceeds) { (write) throws(SourceError) in
        try write.atEachStop { (_) throws(SourceError) in _ = try write.flushAndRead() }
        let read = try write.flushAndRead().sequences
        #expect(read == Array(0...write.sequence))
      }
    }

    @Test func `a killed process leaves the memory as it was when it was stopped`() throws {
      let number = try #require(try stops(.discard, .exceeds).first { $0.field == "packet_header[this]" })
      try study.withStoppedWrite(.discard, .exceeds) { (write) throws(SourceError) in
        try write.kill(at: number)
        let killed = try write.flushAndRead()
        try study.withStoppedWrite(.discard, .exceeds) { (other) throws(SourceError) in
          var stopped: [LTTngLook] = []
          try other.at(number) { () throws(SourceError) in stopped = try other.flushAndRead() }
          #expect(killed.map(\.sequences) == stopped.map(\.sequences))
          #expect(killed.count == 2)
        }
      }
    }

    @Test func `a stop that a write does not have is an error`() throws {
      let missing = WriteStop(number: 1, field: "cc_sb")
      try study.withStoppedWrite(.discard, .fits) { (write) throws(SourceError) in
        let error = #expect(throws: SourceError.self) { try write.kill(at: missing) }
        #expect(error?.detail == "there was no stop 1 at cc_sb")
      }
    }

    @Test func `a process that cannot be traced is reported with the remedy`() throws {
      try study.withStoppedWrite(.discard, .fits) { (write) throws(SourceError) in
        try write.atEachStop { (_) throws(SourceError) in
          // It has a tracer.
          let error = #expect(throws: SourceError.self) { try write.atEachStop { _ in } }
          #expect(error?.kind == .unavailable && error?.errno == .notPermitted)
          #expect(error?.remedy.contains("ptrace_scope") == true)
        }
      }
    }

    @Test func `another process writes while one is stopped`() throws {
      let stop = try #require(try stops(.discard, .fits).first)
      try study.withStoppedWrite(.discard, .fits) { (write) throws(SourceError) in
        try write.ring.withOtherProducer { (other) throws(SourceError) in
          try write.at(stop) { () throws(SourceError) in
            _ = try other.write(Load(first: 1_000, count: 3, payload: 16))
          }
        }
        let read = try write.flushAndRead().sequences
        #expect(read == Array(0...write.sequence) + [1_000, 1_001, 1_002])
      }
    }
  }
}
