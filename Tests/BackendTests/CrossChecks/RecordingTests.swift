import BytesSource
import CTFPackets
@testable import LTTngUSTBackend
@testable import Study
import SubbufferSource
import Testing

extension LiveTests {
  /// babeltrace2 reads the recorded events, in both forms of event header, short and extended.
  @Suite struct RecordingTests {
    @Test(arguments: EventHeader.allCases, [7, 100_000] as [UInt32])
    func babeltrace2ReadsTheEventsThatWereWritten(_ header: EventHeader, _ id: UInt32) throws {
      let babeltrace2 = try LiveTools.available(Babeltrace2.missing) { try Babeltrace2() }
      let trace = TraceDescription(
        uuid: TraceUUID(high: 1, low: 2), streamID: 3, eventHeader: header, eventID: id, tracerVersion: "2.13.5")
      // The short time stamps wrap between the second and the third event.
      let written = [(7, 0x1_0000_0000), (8, 0x1_0000_0007), (9, 0x2_0000_0006)].map {
        TimedEvent(sequence: UInt64($0.0), time: UInt64($0.1))
      }
      let directory = try CrossCheckDirectory()
      var recording = try CTFRecording(in: directory.path, trace)
      let packet = try packet(of: trace, written, extended: id > 30)
      try recording.append(packet.span.bytes)
      let read = try babeltrace2.read(directory.path)
      #expect(read.events == written)
      #expect(read.messages.packets == 1)
      #expect(read.messages.lossLines == [])
    }

    /// Returns a packet of 4096 bytes with the given events, whose payloads grow.
    private func packet(of trace: TraceDescription, _ events: [TimedEvent], extended: Bool) throws -> [UInt8] {
      var bytes: [UInt8] = []
      bytes.append(little: PacketHeader.magic)
      bytes.append(little: trace.uuid.high.byteSwapped)
      bytes.append(little: trace.uuid.low.byteSwapped)
      bytes.append(little: trace.streamID)
      // Instance, begin, end, content size, packet size, packet number, and number of discarded events.
      let (begin, end) = (try #require(events.first).time, try #require(events.last).time)
      for field in [0, begin, end, 0, 4096 * 8, 0, 0] as [UInt64] { bytes.append(little: field) }
      bytes.append(little: UInt32(0))
      var last = begin
      for (index, event) in events.enumerated() {
        // An event this long after the previous one has an extended header, whatever its id.
        let isLong = extended || event.time - last > 1 << (trace.eventHeader == .compact ? 27 : 32)
        appendHeader(of: event, trace, isLong, to: &bytes)
        last = event.time
        bytes.append(little: event.sequence)
        bytes.append(little: UInt32(index))
        bytes += [UInt8](repeating: 0xAB, count: index)
      }
      bytes.put(little: UInt64(bytes.count * 8), at: 48)
      return bytes
    }

    private func appendHeader(
      of event: TimedEvent, _ trace: TraceDescription, _ isLong: Bool, to bytes: inout [UInt8]
    ) {
      switch (trace.eventHeader, isLong) {
      case (.compact, false): bytes.append(little: UInt32(truncatingIfNeeded: event.time) << 5 | trace.eventID)
      case (.large, false):
        bytes.append(little: UInt16(truncatingIfNeeded: trace.eventID))
        bytes.append(little: UInt32(truncatingIfNeeded: event.time))
      case (.compact, true): bytes.append(31)
      case (.large, true): bytes.append(little: UInt16.max)
      }
      guard isLong else { return }
      bytes.append(little: trace.eventID)
      bytes.append(little: event.time)
    }
  }
}
