import BPFRingABI
import HeadTailBackend
import Platform
import Results
import Study
import SubbufferSource
import UprobeEvents
import Workload

extension ABI {
  /// The BPF ring buffer.
  package static let bpfRing = ABI("bpf-ring")
}

/// The BPF ring buffer in the study.
package struct BPFRingStudy: HeadTailStudy {
  /// `bpf-ring`.
  package let name = "bpf-ring"
  /// The name of the ring buffer and the way of reading it.
  package let title = "BPF, mapped ring buffer of a map (producer_pos and consumer_pos)"
  /// BPF's, and that of a head and a tail.
  package let abis = [ABI.bpfRing, .headTail]
  /// Linux overwrites since 6.19 (`BPF_F_RB_OVERWRITE`), which this back end does not read.
  package let modes = [RingMode.discard]
  /// The CPU of the writer.
  package let producerCPU: Int

  /// A study with its producers on one CPU.
  package init(producerCPU: Int) {
    self.producerCPU = producerCPU
  }

  /// Loads and stores.
  package let calls = CallNames(
    acquire: "load producer_pos", acquireOfNothing: "load producer_pos", release: "store consumer_pos",
    wait: "poll(fd, 0)", flush: nil)

  /// `the BPF ring buffer`.
  package let ringName = "the BPF ring buffer"
  /// The program writes the record.
  package let recording = (act: "the program runs", done: "submitted")

  /// A record: its header, the time, the sequence number, and the text with a NUL, up to a multiple of 8 bytes.
  package func eventSize(payload: UInt32) -> Int { BPFRingStudy.eventSize(payload: payload) }

  static func eventSize(payload: UInt32) -> Int {
    BPFRecordHeader.size(UInt32(BPFRecorder.fixedSize) + payload + 1)
  }

  /// The limit of the program's text.
  package let largestPayload = BPFRecorder.longestText

  /// The sizes of the map.
  /// - Throws: ``SourceError`` where a call fails.
  package func facts() throws(SourceError) -> BackendFacts {
    try RecordedBPFRing.with(RingConfiguration(mode: .discard, producerCPU: producerCPU)) {
      (ring) throws(SourceError) in
      BackendFacts(
        version: "Linux \(unameField(\.release))",
        observations: [
          Observation("max_entries", ring.ring.dataSize),
          Observation("program", "KPROBE, at a uprobe; bpf_ringbuf_output"),
          Observation("modes", "discard; BPF_F_RB_OVERWRITE is not studied"),
          Observation("wake-up", "by the kernel, where no other is named: a record that the reader is to read next"),
        ],
        capabilities: ring.source().capabilities)
    }
  }

  package func withProbeRing<Result>(
    _ configuration: RingConfiguration, _ body: (RecordedBPFRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    try RecordedBPFRing.with(configuration, body)
  }

  /// See ``BPFRingABI/BPFRingSource``.
  package var lossRecipes: [LossRecipe] {
    [
      LossRecipe(
        mode: .discard, withEachHandover: ["nothing: a record that finds no room leaves no trace"],
        inTotal: [
          "after the last acquire, what the program counts itself in a map: calls of bpf_ringbuf_output that returned -EAGAIN"
        ])
    ]
  }

  /// Counts on the mapping, with the two positions.
  /// - Throws: ``SourceError`` where a call fails.
  package func withCountedReader<Visitor: AccessCountsVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {
    try RecordedBPFRing.with(configuration) { (ring) throws(SourceError) in
      var source = ring.source()
      let fields = [
        ("consumer_pos", UInt(bitPattern: ring.ring.unsafeConsumerPage)),
        ("producer_pos", UInt(bitPattern: ring.ring.unsafeProducerPage)),
      ].map { name, address in SharedField(part: "struct bpf_ringbuf", name: name, offset: 0, size: 8, address: address)
      }
      try visitor.visit(&source, ring.producer, AccessCountsParts(way: "mapping", lap: 1, memory: fields))
    }
  }

  /// One round of reading: 16 events are written, acquired and read.
  /// - Throws: ``SourceError`` where a call fails.
  package func recordOperations() throws(SourceError) -> [OperationRecord] {
    try RecordedBPFRing.with(RingConfiguration(mode: .discard, producerCPU: producerCPU)) {
      (ring) throws(SourceError) in
      var log = OperationLog(backend: name)
      log.add(.setUp, "bpf(BPF_MAP_CREATE), bpf(BPF_PROG_LOAD), PERF_EVENT_IOC_SET_BPF", noError)
      log.add(.map, "mmap, twice", noError, [Observation("bytes", ring.mappedLength)])
      let truth = try ring.write(16)
      log.add(.write, "call of the probed function, once for each event", "\(truth.accepted) events")
      log.add(.wait, calls.wait, try ring.ring.poll(0) != 0 ? "POLLIN" : "0")
      var reader = SourceReader(ring.source())
      let tail = ring.tail
      let first = try reader.next()
      log.add(.acquire, calls.acquire, "\(ring.head)")
      log.add(.losses, "none: the count is the program's", "\(ring.lostCount())")
      log.add(
        .read, "decode the records up to producer_pos", "\(first?.sequences.count ?? 0) events",
        [Observation("sequence numbers", (first?.sequences ?? []).asRange)])
      log.add(.release, calls.release ?? "", noError, [Observation("consumer_pos", "\(tail) -> \(ring.tail)")])
      log.add(.acquireAgain, calls.acquireOfNothing, try reader.next() == nil ? "nothing" : "events")
      return log.records
    }
  }
}
