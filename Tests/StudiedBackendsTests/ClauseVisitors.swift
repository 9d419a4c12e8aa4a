import AllocationCounter
import Study
import SubbufferSource
import Workload

/// Writes a number of events, flushes, and reads all of them.
struct WriteThenRead: RingVisitor {
  var count: UInt64
  var sequences: [UInt64] = []
  var geometry: Geometry?
  var geometryStayed = false

  init(count: UInt64) {
    self.count = count
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: ProducerProcess
  ) throws(SourceError) {
    geometry = source.geometry
    _ = try producer.write(Load(first: 0, count: count, payload: 16))
    _ = try source.flush()
    try source.readAll { sequences += $0.sequences }
    geometryStayed = geometry == source.geometry
  }
}

/// Writes a chunk that fits and reads it, over and over.
struct AlternateWriteAndRead: RingVisitor {
  var rounds: UInt64
  var chunk: UInt64
  var sequences: [UInt64] = []
  var losses: [Loss] = []

  init(rounds: UInt64, chunk: UInt64) {
    self.rounds = rounds
    self.chunk = chunk
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: ProducerProcess
  ) throws(SourceError) {
    for round in 0..<rounds {
      _ = try producer.write(Load(first: round * chunk, count: chunk, payload: 16))
      try source.readAll { seen in
        sequences += seen.sequences
        losses.append(seen.loss)
      }
    }
    _ = try source.flush()
    try source.readAll { sequences += $0.sequences }
  }
}

/// Holds a sub-buffer while the writer overwrites the ring buffer several times.
struct HoldWhileTheWriterWraps: RingVisitor {
  var bytes = 0
  var changed = 0

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: ProducerProcess
  ) throws(SourceError) {
    _ = try producer.write(Load(first: 0, count: 1_000, payload: 16))
    switch try source.acquire() {
    case .subbuffer(let subbuffer):
      let before = subbuffer.copy()
      _ = try producer.write(Load(first: 1_000, count: 10_000, payload: 16))
      let after = subbuffer.copy()
      bytes = before.count
      changed = zip(before, after).count { $0 != $1 }
      try subbuffer.release()
    case .nothingYet: break
    case .finished: break
    }
  }
}

/// Acquires where nothing is, then writes and reads.
struct AcquireNothingThenRead: RingVisitor {
  var nothingYet = 0
  var sequences: [UInt64] = []

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: ProducerProcess
  ) throws(SourceError) {
    for _ in 0..<10 {
      if case .nothingYet = try source.withNext({ _ throws(SourceError) in }) { nothingYet += 1 }
    }
    _ = try producer.write(Load(first: 0, count: 20, payload: 16))
    _ = try source.flush()
    try source.readAll { sequences += $0.sequences }
  }
}

/// Reads without ever calling release.
struct DropLeases: RingVisitor {
  var sequences: [UInt64] = []

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: ProducerProcess
  ) throws(SourceError) {
    _ = try producer.write(Load(first: 0, count: 400, payload: 16))
    _ = try source.flush()
    let decoder = source.decoder
    var more = true
    while more {
      switch try source.acquire() {
      case .subbuffer(let subbuffer): sequences += Seen(subbuffer, decoder).sequences
      case .nothingYet: more = false
      case .finished: more = false
      }
    }
  }
}

/// Reads one sub-buffer, lets the ring buffer overflow, and reads on.
struct ReadOneThenOverflow: RingVisitor {
  /// The index of the sub-buffer behind the first gap in the sequence numbers.
  var gapAt: Int?
  /// The index of the first sub-buffer that tells a loss.
  var toldAt: Int?

  private var index = 0
  private var next: UInt64 = 0

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: ProducerProcess
  ) throws(SourceError) {
    _ = try producer.write(Load(first: 0, count: 200, payload: 16))
    let decoder = source.decoder
    let first = try source.withNext { (subbuffer) throws(SourceError) in Seen(subbuffer, decoder) }
    if case .subbuffer(let seen) = first { enter(seen) }
    _ = try producer.write(Load(first: 200, count: 3_000, payload: 16))
    _ = try source.flush()
    try source.readAll { enter($0) }
  }

  private mutating func enter(_ seen: Seen) {
    if let first = seen.sequences.first, let last = seen.sequences.last {
      if first != next, gapAt == nil { gapAt = index }
      next = last + 1
    }
    if seen.loss.saysLost, toldAt == nil { toldAt = index }
    index += 1
  }
}

/// Waits without data, and with a sub-buffer that is full.
struct WaitForData: RingVisitor {
  var empty: Readiness?
  var filled: Readiness?

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: ProducerProcess
  ) throws(SourceError) {
    empty = try source.wait(0)
    _ = try producer.write(Load(first: 0, count: 200, payload: 16))
    filled = try source.wait(10_000)
  }
}

/// Takes one sub-buffer each time that the ABI says ready: three full ones, then one that was flushed.
struct OneForEachWait: RingVisitor {
  var sequences: [UInt64] = []

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: ProducerProcess
  ) throws(SourceError) {
    _ = try producer.write(Load(first: 0, count: 500, payload: 16))
    try read(&source)
    _ = try producer.write(Load(first: 500, count: 3, payload: 16))
    _ = try source.flush()
    try read(&source)
  }

  private mutating func read<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    let decoder = source.decoder
    while try source.wait(0) == .ready {
      switch try source.acquire() {
      case .subbuffer(let subbuffer):
        sequences += Seen(subbuffer, decoder).sequences
        try subbuffer.release()
      case .nothingYet: return
      case .finished: return
      }
    }
  }
}

/// Holds a partial sub-buffer while more is written into it, and reads on.
struct HoldPartial: RingVisitor {
  var headerSize: Int
  var changed = 0
  var sequences: [UInt64] = []
  var losses: [Loss] = []

  init(headerSize: Int) {
    self.headerSize = headerSize
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: ProducerProcess
  ) throws(SourceError) {
    _ = try producer.write(Load(first: 0, count: 3, payload: 16))
    _ = try source.flush()
    let decoder = source.decoder
    switch try source.acquire() {
    case .subbuffer(let subbuffer):
      let before = subbuffer.copy().dropFirst(headerSize)
      _ = try producer.write(Load(first: 3, count: 5, payload: 16))
      changed = zip(before, subbuffer.copy().dropFirst(headerSize)).count { $0 != $1 }
      let seen = Seen(subbuffer, decoder)
      sequences += seen.sequences
      losses.append(seen.loss)
      try subbuffer.release()
    case .nothingYet: break
    case .finished: break
    }
    _ = try source.flush()
    try source.readAll { seen in
      sequences += seen.sequences
      losses.append(seen.loss)
    }
  }
}

/// Counts what this thread allocates from the first acquire to the last release.
struct CountAllocations: RingVisitor {
  var subbuffers = 0
  var events = 0
  var allocations: UInt64 = 0
  /// What the counter shows for setting the reading up, which allocates: that it counts at all.
  var controlAllocations: UInt64 = 0

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: ProducerProcess
  ) throws(SourceError) {
    // Once before, so that what is made on first use is there.
    for _ in 1...2 {
      let before = allocation_count()
      _ = try producer.write(Load(first: 0, count: 4_500, payload: 16))
      _ = try source.flush()
      controlAllocations = allocation_count() - before
      try read(&source)
    }
  }

  private mutating func read<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    let decoder = source.decoder
    var subbuffers = 0
    var events = 0
    var failed = false
    let before = allocation_count()
    var more = true
    while more {
      switch try source.acquire() {
      case .subbuffer(let subbuffer):
        subbuffers += 1
        do {
          try decoder.forEachEvent(in: subbuffer) { _, _ in events += 1 }
        } catch {
          failed = true
        }
        try subbuffer.release()
      case .nothingYet: more = false
      case .finished: more = false
      }
    }
    allocations = allocation_count() - before
    self.subbuffers = failed ? 0 : subbuffers
    self.events = events
  }
}
