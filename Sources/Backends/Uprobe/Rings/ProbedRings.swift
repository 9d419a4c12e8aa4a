import Results
import Study
import SubbufferSource
import UprobeEvents
import Workload

/// A back end that can record the probed writer's events into a ring buffer, beside others that do.
package protocol ProbedBackend: StudiedBackend {
  /// The bytes that an event of the probed writer takes in a ring buffer, its header included.
  func probedEventSize(payload: UInt32) -> Int

  /// Makes a ring buffer that an event of the writer feeds, lets `body` use a reader of it, and takes it down again.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails.
  func withProbedReader(
    _ event: UprobeEvent, of producer: ProducerProcess, _ configuration: RingConfiguration,
    _ body: (any SharedReader) throws(SourceError) -> Void
  ) throws(SourceError)
}

extension ProbedBackend {
  /// The same as of its own workload.
  package func probedEventSize(payload: UInt32) -> Int { eventSize(payload: payload) }
}

/// The probed writer, which feeds a ring buffer of each of several back ends by an event of its own at the one function
/// that it calls.
package struct ProbedRings: SharedWriter {
  private let rings: [any ProbedBackend]

  /// The writer with some back ends.
  package init(_ rings: [any ProbedBackend]) {
    self.rings = rings
  }

  package var backends: [String] { rings.map(\.name) }

  package func eventSize(payload: UInt32, of backend: String) -> Int {
    ring(backend)?.probedEventSize(payload: payload) ?? 0
  }

  private func ring(_ backend: String) -> (any ProbedBackend)? { rings.first { $0.name == backend } }

  package func withReaders(
    of backends: [String], _ configuration: RingConfiguration,
    _ body: (any LoadProducer, [any SharedReader]) throws(SourceError) -> Void
  ) throws(SourceError) {
    let chosen = backends.compactMap(ring)
    try ProbedWriter.with(cpu: configuration.producerCPU, eventCount: chosen.count) { (writer) throws(SourceError) in
      try add(chosen[...], [], writer, configuration, body)
    }
  }

  /// Makes one ring buffer after the other, each within the one before.
  private func add(
    _ rest: ArraySlice<any ProbedBackend>, _ readers: [any SharedReader], _ writer: ProbedWriter,
    _ configuration: RingConfiguration, _ body: (any LoadProducer, [any SharedReader]) throws(SourceError) -> Void
  ) throws(SourceError) {
    guard let next = rest.first else { return try body(writer.producer, readers) }
    try next.withProbedReader(
      writer.events[readers.count], of: writer.producer, configuration
    ) { (reader) throws(SourceError) in
      try add(rest.dropFirst(), readers + [reader], writer, configuration, body)
    }
  }
}
