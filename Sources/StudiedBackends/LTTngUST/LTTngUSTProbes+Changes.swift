import LTTngUSTBackend
import Study
import SubbufferSource
import SystemPackage
import Workload

extension LTTngUSTStudy {
  /// Clearing, and stopping the session.
  var liveChangesProbes: [Probe] {
    [
      probe(.clearEmpties) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(300)
        evidence.add("read before it", try stream.readOne().sequences.asRange)
        evidence.add("clear", ErrnoName.result(stream.clearBuffer()))
        try ring.write(100, from: 300)
        evidence.add("read after it", try stream.readAllUnread().asRange)
      },
      probe(.clearIsShown) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let size = UInt(ring.configuration.subbufferSize)
        try ring.write(2_000)
        _ = try stream.readOne()
        evidence.add("unread sub-buffers before it", try stream.positions().unread(size))
        evidence.add("clear", ErrnoName.result(stream.clearBuffer()))
        let positions = try stream.positions()
        evidence.add("positions after it", "consumed \(positions.consumed), produced \(positions.produced)")
        evidence.add("unread sub-buffers after it", positions.unread(size))
      },
      probe(.clearIsNoLoss) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(300)
        evidence.add("packet_seq_num before it", try stream.readOne().packetSequenceNumber)
        evidence.add("clear", ErrnoName.result(stream.clearBuffer()))
        try ring.write(100, from: 300)
        evidence.add("flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: true)))
        let look = try stream.readOne()
        evidence.add("events", look.sequences.asRange)
        evidence.add("packet_seq_num after it", look.packetSequenceNumber)
        evidence.add("events_discarded", look.eventsDiscarded)
      },
      probe(.clearOfAnother) { (ring, evidence) throws(SourceError) in
        let other = (0..<ring.library.streamsPerChannel).first { $0 != ring.cpu }
        evidence.add("another CPU", other.map { "\($0)" } ?? "none")
        guard let other else { return }
        let stream = try ring.stream()
        let theirs = try ring.session.channel.stream(cpu: other)
        try ring.write(300)
        try theirs.clearBuffer()
        evidence.add("read after the first", try stream.readAllUnread().asRange)
        try ring.write(100, from: 300)
        evidence.add("clear of this", ErrnoName.result(stream.clearBuffer()))
        evidence.add("read after the second", try stream.readAllUnread().asRange)
      },
      probe(.recordingOff) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(100)
        try ring.session.stop()
        try ring.write(100, from: 100)
        evidence.add("read while it is off", try stream.readAllUnread().asRange)
        try ring.session.restart()
        try ring.write(100, from: 200)
        evidence.add("read after", try stream.readAllUnread().asRange)
      },
    ]
  }
}

extension LTTngStream {
  /// Gets, looks and puts, where that has to work.
  /// - Throws: ``SourceError`` where it is refused.
  func readOne() throws(SourceError) -> LTTngLook {
    let got = unsafeGetNextSubbuffer()
    guard got == 0 else { throw SourceError(call: "get_next_subbuf", errno: Errno(rawValue: -got)) }
    let look = try look()
    try putNext()
    return look
  }

  /// Ends the partial sub-buffer, and reads the sequence numbers of all that is there.
  /// - Throws: ``SourceError`` where a call fails.
  func readAllUnread() throws(SourceError) -> [UInt64] {
    _ = flushBuffer(producerActive: true)
    var all: [UInt64] = []
    while true {
      do throws(SourceError) {
        all += try readOne().sequences
      } catch {
        if error.errno == .resourceTemporarilyUnavailable { return all }
        throw error
      }
    }
  }
}

extension Positions {
  /// How many sub-buffers the writer has left that are not consumed.
  fileprivate func unread(_ size: UInt) -> UInt { produced / size &- consumed / size }
}
