import CTFPackets
import Platform
import Study
import SubbufferSource

extension LTTngStudy where Ring.Stream: LiveLTTngStream {
  /// Probes of packets outside the ring buffer.
  var populatedPacketProbes: [Probe] {
    [
      probe(LTTngAnswers.populateOfNew) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.addPopulated(try stream.flushOrPopulate())
        evidence.add("get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
      },
      probe(LTTngAnswers.populatedIDs) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        try evidence.addIDs("with events", of: stream) { (stream) throws(SourceError) in
          try stream.flush(producerActive: true)
        }
        let packet = try stream.flushOrPopulate()
        evidence.addPopulated(packet)
        if let packet { evidence.add("populated: ids", packet.ids) }
      },
      probe(LTTngAnswers.populatedNumber) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let count = UInt64(ring.configuration.subbufferCount)
        var (last, populated): ([UInt64], [UInt64]) = ([], [])
        for packet in 0..<2 * count + count / 2 {
          try ring.write(8, from: 8 * packet)
          try stream.flush(producerActive: true)
          last.append(try stream.readOne().packetSequenceNumber)
          if let header = try stream.flushOrPopulate() { populated.append(header.packetSequenceNumber) }
        }
        evidence.add("populated", last.count == populated.count ? "yes" : "no")
        evidence.add("packets", last.count)
        evidence.add("sub-buffers", count)
        evidence.add("packet_seq_num of the packets", last.asList)
        evidence.add("packet_seq_num of a populated packet after each", populated.asList)
        let isWrong = zip(last, populated).map { $1 != $0 &+ 1 }
        evidence.add("not the next number, first lap", isWrong.prefix(Int(count)).count { $0 })
        evidence.add("not the next number, later", isWrong.dropFirst(Int(count)).count { $0 })
      },
      probe(LTTngAnswers.populatedCount, mode: .discard) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(2 * ring.eventsPerRing())
        _ = try stream.readAll()
        try stream.flush(producerActive: false)
        let last = try stream.readOne()
        evidence.add("events_discarded of the last packet", last.eventsDiscarded)
        let packet = try stream.flushOrPopulate()
        evidence.addPopulated(packet)
        if let packet { evidence.add("events_discarded of the populated packet", packet.eventsDiscarded) }
      },
    ]
  }

  /// Flushes a new ring buffer, one with 8 events and an emptied one, and writes down the ids of the packets.
  func observeIDs(_ ring: Ring, _ evidence: inout Evidence) throws(SourceError) {
    let stream = try ring.stream()
    try evidence.addIDs("new", of: stream) { (stream) throws(SourceError) in try stream.flush(producerActive: false) }
    try ring.write(8)
    try evidence.addIDs("with events", of: stream) { (stream) throws(SourceError) in
      try stream.flush(producerActive: true)
    }
    try evidence.addIDs("emptied", of: stream) { (stream) throws(SourceError) in
      try stream.flush(producerActive: false)
    }
  }
}

extension Evidence {
  fileprivate mutating func addPopulated(_ packet: PacketHeader?) {
    add("populated", packet == nil ? "no" : "yes")
  }

  /// Flushes, gets, and writes down the ids and the number of events of the packet.
  fileprivate mutating func addIDs<Stream: LiveLTTngStream>(
    _ name: String, of stream: Stream, _ flush: (Stream) throws(SourceError) -> Void
  ) throws(SourceError) {
    try flush(stream)
    let got = stream.unsafeGetNextSubbuffer()
    add("\(name): get_next_subbuf", ErrnoName.result(got))
    guard got == 0 else { return }
    add("\(name): ids", try stream.header().ids)
    add("\(name): events", try stream.look().sequences.count)
    try stream.putNext()
    if !observations.contains(where: { $0.name == "ids of the stream" }) {
      add("ids of the stream", try stream.ids())
    }
  }
}

extension [UInt64] {
  /// All numbers, for an observation.
  fileprivate var asList: String { map(String.init).joined(separator: ", ") }
}
