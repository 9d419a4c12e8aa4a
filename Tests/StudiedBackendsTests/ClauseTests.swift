import Study
import SubbufferSource
import Testing
import Workload

extension LiveTests {
  /// The clauses of ``SubbufferSource``, one generic body each, on every back end.
  @Suite struct ClauseTests {
    /// Clauses 3, 4 and 14: each event once and in order, for numbers of events around the size of a sub-buffer and for
    /// several shapes of ring buffer.
    @Test(arguments: LiveBackends.names, [4096, 8192, 65536])
    func eachEventOnceAndInOrder(_ name: String, _ subbufferSize: Int) throws {
      guard let backend = try LiveBackends.available(name) else { return }
      let full = subbufferSize / backend.eventSize(payload: 16)
      for count in [1, full / 2, full, full + 1, full * 3] {
        var visitor = WriteThenRead(count: UInt64(count))
        try backend.withRing(
          RingConfiguration(mode: .discard, subbufferSize: subbufferSize, producerCPU: LiveBackends.cpu), &visitor)
        #expect(visitor.sequences == Array(0..<UInt64(count)), "\(count) events")
        #expect(visitor.geometryStayed)
        #expect(visitor.geometry?.subbufferSize == subbufferSize)
      }
    }

    /// Clauses 3 and 4 over fifty times as many events as the ring buffer holds, read as they come.
    @Test(arguments: LiveBackends.names)
    func nothingIsLostWhileTheReaderKeepsUp(_ name: String) throws {
      guard let backend = try LiveBackends.available(name) else { return }
      var visitor = AlternateWriteAndRead(rounds: 100, chunk: 92 * 4)
      try backend.withRing(RingConfiguration(mode: .discard, producerCPU: LiveBackends.cpu), &visitor)
      #expect(visitor.sequences == Array(0..<(100 * 92 * 4)))
      // Clause 9: with nothing lost, no sub-buffer says that something was.
      #expect(visitor.losses.allSatisfy { !$0.saysLost })
    }

    /// Clause 2: what is held does not change while the writer wraps around.
    @Test(arguments: LiveBackends.names)
    func whatIsHeldDoesNotChange(_ name: String) throws {
      guard let backend = try LiveBackends.available(name) else { return }
      var visitor = HoldWhileTheWriterWraps()
      try backend.withRing(RingConfiguration(mode: .overwrite, producerCPU: LiveBackends.cpu), &visitor)
      #expect(visitor.bytes > 0)
      #expect(visitor.changed == 0)
    }

    /// Clauses 5 and 7: nothing yet is an outcome, again and again, and costs nothing.
    @Test(arguments: LiveBackends.names)
    func nothingYetChangesNothing(_ name: String) throws {
      guard let backend = try LiveBackends.available(name) else { return }
      var visitor = AcquireNothingThenRead()
      try backend.withRing(RingConfiguration(mode: .discard, producerCPU: LiveBackends.cpu), &visitor)
      #expect(visitor.nothingYet == 10)
      #expect(visitor.sequences == Array(0..<20))
    }

    /// Clause 8: a lease that is dropped is released; the next acquire gets what follows.
    @Test(arguments: LiveBackends.names)
    func aDroppedLeaseIsReleased(_ name: String) throws {
      guard let backend = try LiveBackends.available(name) else { return }
      var visitor = DropLeases()
      try backend.withRing(RingConfiguration(mode: .discard, producerCPU: LiveBackends.cpu), &visitor)
      #expect(visitor.sequences == Array(0..<400))
    }

    /// Clause 9: where events were lost in overwrite mode, the sub-buffer behind the gap says so.
    @Test(arguments: LiveBackends.names)
    func theSubbufferBehindAGapTellsTheLoss(_ name: String) throws {
      guard let backend = try LiveBackends.available(name) else { return }
      var visitor = ReadOneThenOverflow()
      try backend.withRing(RingConfiguration(mode: .overwrite, producerCPU: LiveBackends.cpu), &visitor)
      #expect(visitor.gapAt != nil)
      #expect(visitor.toldAt == visitor.gapAt)
    }

    /// Clause 11: waiting is not slept over with data there, and times out without.
    @Test(arguments: LiveBackends.names)
    func waitTellsWhatIsThere(_ name: String) throws {
      guard let backend = try LiveBackends.available(name) else { return }
      var visitor = WaitForData()
      try backend.withRing(RingConfiguration(mode: .discard, producerCPU: LiveBackends.cpu), &visitor)
      #expect(visitor.empty == .timedOut)
      #expect(visitor.filled == .ready)
    }

    /// Clause 11: a reader that takes one sub-buffer each time that it was told to reads all there is; so also after a
    /// flush.
    @Test(arguments: LiveBackends.names)
    func aReaderThatTakesOneForEachWaitReadsAll(_ name: String) throws {
      guard let backend = try LiveBackends.available(name) else { return }
      var visitor = OneForEachWait()
      try backend.withRing(RingConfiguration(mode: .discard, producerCPU: LiveBackends.cpu), &visitor)
      #expect(visitor.sequences == Array(0..<503))
    }

    /// Clauses 2 and 3: a partial sub-buffer that is held does not change behind its header, and what came meanwhile is
    /// handed out by the next acquire, without a claim about losses that the ABI did not make.
    @Test(arguments: LiveBackends.names)
    func aPartialSubbufferThatIsHeldDoesNotChange(_ name: String) throws {
      guard let backend = try LiveBackends.available(name) else { return }
      var visitor = HoldPartial(headerSize: backend.headerSize)
      try backend.withRing(RingConfiguration(mode: .discard, producerCPU: LiveBackends.cpu), &visitor)
      #expect(visitor.changed == 0)
      #expect(visitor.sequences == Array(0..<8))
      #expect(visitor.losses.allSatisfy { !$0.saysLost })
      // What an ABI does not tell with the first hand-over of a sub-buffer it does not tell with the second.
      #expect(Set(visitor.losses).count == 1)
    }

    /// Clause 12: after a flush a single event can be acquired.
    @Test(arguments: LiveBackends.names)
    func flushExposesASingleEvent(_ name: String) throws {
      guard let backend = try LiveBackends.available(name) else { return }
      var visitor = WriteThenRead(count: 1)
      try backend.withRing(RingConfiguration(mode: .overwrite, producerCPU: LiveBackends.cpu), &visitor)
      #expect(visitor.sequences == [0])
    }

    /// Clause 13: from acquire to release nothing is allocated, decoding included.
    @Test(arguments: LiveBackends.names)
    func nothingIsAllocatedPerSubbuffer(_ name: String) throws {
      guard let backend = try LiveBackends.available(name) else { return }
      var visitor = CountAllocations()
      try backend.withRing(
        RingConfiguration(mode: .discard, subbufferCount: 64, producerCPU: LiveBackends.cpu), &visitor)
      #expect(visitor.controlAllocations > 0)
      #expect(visitor.subbuffers > 30)
      #expect(visitor.events > 2_000)
      #expect(visitor.allocations == 0)
    }
  }
}
