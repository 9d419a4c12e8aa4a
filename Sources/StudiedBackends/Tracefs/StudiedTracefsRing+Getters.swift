import Study
import SubbufferSource
import TracefsBackend

extension StudiedTracefsRing {
  /// The fields of the meta page that change, as of the last ioctl, and the counters that no mapping has.
  func withGetters<Visitor: GetterVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    let mapped = try ring.mapped()
    var sum: UInt64 = 0
    try visitor.visit(Getter("reader.id", "meta page, a load")) { count in
      for _ in 0..<count { sum &+= UInt64(mapped.readerID) }
    }
    try visitor.visit(Getter("reader.read", "meta page, a load")) { count in
      for _ in 0..<count { sum &+= UInt64(mapped.readerRead) }
    }
    try visitor.visit(Getter("reader.lost_events", "meta page, a load")) { count in
      for _ in 0..<count { sum &+= mapped.readerLostEvents }
    }
    try visitor.visit(Getter("overrun", "meta page, a load")) { count in
      for _ in 0..<count { sum &+= mapped.overrun }
    }
    try visitor.visit(Getter("read", "meta page, a load")) { count in
      for _ in 0..<count { sum &+= mapped.eventsRead }
    }
    let stats = Getter(
      "per_cpu/cpuN/stats", "all counters, beside the mapping: open, read and close of a file", calls: 20)
    try visitor.visit(stats) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try ring.instance.text("per_cpu/cpu\(ring.cpu)/stats").utf8.count) }
    }
  }
}
