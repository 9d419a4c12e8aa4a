import BytesSource
import CTFPackets
import Foundation
import SubbufferSource
import SystemPackage
import Testing

@Suite struct CTFRecordingTests {
  /// A description that matches the packets of ``PacketBuilder``.
  private static let trace = TraceDescription(
    uuid: TraceUUID(high: 0x0011_2233_4455_6677, low: 0x8899_AABB_CCDD_EEFF), streamID: 3, eventHeader: .compact,
    eventID: PacketBuilder.sequenceEventID, tracerVersion: "2.13.5")

  /// Runs `body` with a directory that is removed afterwards.
  private func withDirectory(_ body: (String) throws -> Void) throws {
    let directory = NSTemporaryDirectory() + "/recording-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try body(directory)
  }

  private func bytes(_ directory: String, _ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)")))
  }

  private func packet(_ sequence: UInt64) -> [UInt8] {
    var builder = PacketBuilder()
    builder.event(sequence, time: 1_010, payload: 5)
    return builder.closed(packetSize: 4096)
  }

  @Test func packetsLieOneBehindTheOtherPaddedWithZeros() throws {
    try withDirectory { directory in
      let (first, second) = (packet(1), packet(2))
      var recording = try CTFRecording(in: directory, Self.trace)
      // The first call passes only the content, the second also bytes after it, which must not be copied.
      let content = Array(first.prefix(84 + 4 + 12 + 5))
      #expect(try recording.append(content.span.bytes).packetSequenceNumber == 7)
      let dirty = second.prefix(84 + 4 + 12 + 5) + [UInt8](repeating: 0xEE, count: 100)
      try recording.append(Array(dirty).span.bytes)
      #expect(try bytes(directory, "stream-3-1") == first + second)
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == ["metadata", "stream-3-1"])
    }
  }

  @Test func aSubbufferIsAppendedAsItsBytes() throws {
    try withDirectory { directory in
      var source = try BytesSource(decoder: EventHeader.compact.decoder)
      source.fill(packet(9).prefix(84 + 4 + 12 + 5))
      var recording = try CTFRecording(in: directory, Self.trace)
      _ = try source.withNext { (subbuffer) throws(SourceError) in _ = try recording.append(subbuffer) }
      #expect(try bytes(directory, "stream-3-1") == packet(9))
    }
  }

  @Test func eachStreamInstanceHasAFile() throws {
    try withDirectory { directory in
      var recording = try CTFRecording(in: directory, Self.trace)
      var other = packet(2)
      other.put(little: UInt64(4), at: 24)
      try recording.append(packet(1).span.bytes)
      try recording.append(other.span.bytes)
      #expect(try bytes(directory, "stream-3-1") == packet(1))
      #expect(try bytes(directory, "stream-3-4") == other)
    }
  }

  @Test(arguments: [4, 20] as [Int])
  func aPacketOfAnotherTraceOrChannelIsRefused(_ offset: Int) throws {
    try withDirectory { directory in
      var recording = try CTFRecording(in: directory, Self.trace)
      var other = packet(1)
      other[offset] ^= 1
      let error = #expect(throws: SourceError.self) { try recording.append(other.span.bytes) }
      #expect(error?.kind == .usage)
    }
  }

  @Test func whatIsNoClosedPacketIsRefused() throws {
    try withDirectory { directory in
      var recording = try CTFRecording(in: directory, Self.trace)
      var open = packet(1)
      open.put(little: UInt64.max, at: 48)
      let error = #expect(throws: SourceError.self) { try recording.append(open.span.bytes) }
      #expect(error?.kind == .malformed)
    }
  }

  @Test func aPacketThatCannotBePaddedIsCutOffAgain() throws {
    try withDirectory { directory in
      var recording = try CTFRecording(in: directory, Self.trace)
      try recording.append(packet(1).span.bytes)
      var huge = packet(2)
      huge.put(little: UInt64.max - 7, at: 56)
      let error = #expect(throws: SourceError.self) { try recording.append(huge.span.bytes) }
      #expect(error?.errno != nil)
      try recording.append(packet(3).span.bytes)
      #expect(try bytes(directory, "stream-3-1") == packet(1) + packet(3))
    }
  }

  @Test func anotherRecordingInTheDirectoryIsRefused() throws {
    try withDirectory { directory in
      _ = try CTFRecording(in: directory, Self.trace)
      let error = #expect(throws: SourceError.self) { _ = try CTFRecording(in: directory, Self.trace) }
      #expect(error?.errno == .fileExists)
    }
  }

  @Test func noDirectoryIsAnErrorWithItsRemedy() throws {
    let error = #expect(throws: SourceError.self) { _ = try CTFRecording(in: "/nonexistent", Self.trace) }
    #expect(error?.errno == .noSuchFileOrDirectory)
    #expect(error?.call == "open /nonexistent/metadata")
    #expect(error?.remedy.isEmpty == false)
  }
}
