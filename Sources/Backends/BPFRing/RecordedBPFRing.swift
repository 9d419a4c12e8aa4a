import BPFRingABI
import HeadTailBackend
import Results
import Study
import SubbufferSource
import SystemPackage
import UprobeEvents
import Workload

/// A BPF ring buffer with a program on the uprobe of a writer process, set up for a study and ready.
package struct RecordedBPFRing {
  package let ring: BPFRing
  package let producer: ProducerProcess
  package let configuration: RingConfiguration
  /// The program at the uprobe.
  let recorder: BPFRecorder

  /// Makes one, lets `body` use it, and takes it down again: the writer, the program, the map, and then the uprobe.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails.
  package static func with<Result: ~Copyable>(
    _ configuration: RingConfiguration, writing: BPFRecorder.Writing = .output,
    _ body: (RecordedBPFRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    try ProbedWriter.with(cpu: configuration.producerCPU) { (writer) throws(SourceError) in
      let ring = try BPFRing(dataSize: configuration.capacity)
      let recorder = try BPFRecorder(
        into: ring, event: UInt64(writer.events[0].id), process: writer.producer.pid, writing: writing)
      return try body(
        RecordedBPFRing(ring: ring, producer: writer.producer, configuration: configuration, recorder: recorder))
    }
  }

  /// Chooses what wakes up a reader from now on: a record that it is to read next, which `nil` stands for, too, or a
  /// sub-buffer's size of data.
  package func wake(upon wakeup: Wakeup?) {
    recorder.wakeupThreshold = wakeup == .fullSubbuffer ? UInt64(configuration.subbufferSize) : 0
  }

  /// A reader, which goes on where the last one stopped.
  package func source() -> BPFRingSource { BPFRingSource(ring, recorder: recorder) }
}

extension RecordedBPFRing: HeadTailRing {
  package var head: UInt64 { ring.producerPosition }
  package var tail: UInt64 { ring.consumerPosition }
  package var dataSize: Int { ring.dataSize }
  package var unsafeData: UnsafeRawPointer { ring.unsafeData }
  package var descriptor: FileDescriptor { ring.map.descriptor }
  package var mappedLength: Int { dataOffset + 2 * ring.dataSize }
  package var dataOffset: Int { 2 * ring.pageSize }
  package var eventSize: Int { BPFRingStudy.eventSize(payload: Self.payload) }
  /// One byte is always free.
  package var perRing: Int { (configuration.capacity - 1) / eventSize }

  package func unsafeStoreTail(_ tail: UInt64) { ring.unsafeStoreConsumerPosition(tail) }
  package func reader() -> any HeadTailReader { HeadTailSourceReader(source()) }
  package func lostCount() -> UInt64 { recorder.refused }
  package func poll(_ timeout: Milliseconds) throws(SourceError) -> Int32 { try ring.poll(timeout) }

  package func withSource<Visitor: SourceVisitor>(
    _ visitor: inout Visitor, _ refuse: (RingControl) throws(SourceError) -> String
  ) throws(SourceError) {
    var source = source()
    try visitor.visit(&source) { control, _ throws(SourceError) in try refuse(control) }
  }

  package func withDrain(
    _ body: ((DrainWork) throws(SourceError) -> Drained) throws(SourceError) -> Void
  ) throws(SourceError) {
    var source = source()
    try source.withDrain(body)
  }

  package func withGetters<Visitor: GetterVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    var sum: UInt64 = 0
    try visitor.visit(Getter("producer_pos", "read-only page, a load")) { count in
      for _ in 0..<count { sum &+= head }
    }
    withExtendedLifetime(sum) {}
  }
}
