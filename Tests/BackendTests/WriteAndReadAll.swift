import Study
import SubbufferSource
import Workload

/// Writes a load, flushes the partial sub-buffer, and reads everything.
struct WriteAndReadAll: RingVisitor {
  private let load: Load
  private let look: Bool

  /// The producer's report.
  private(set) var truth: Truth?
  /// The sequence numbers in the order in which they were read.
  private(set) var read: [UInt64] = []
  /// The decoding error, if any.
  private(set) var malformed: MalformedSubbuffer?
  /// The resources of the process before the producer wrote.
  private(set) var held: Result<ProcessResources, any Error>?

  init(first: UInt64, count: UInt64, payload: UInt32, look: Bool) {
    load = Load(first: first, count: count, payload: payload)
    self.look = look
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError) {
    if look { held = Result { try ProcessResources() } }
    truth = try producer.write(load)
    _ = try source.flush()
    while try readOne(&source), malformed == nil {}
  }

  private mutating func readOne<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source
  ) throws(SourceError) -> Bool {
    let decoder = source.decoder
    let visited = try source.withNext { subbuffer in
      do throws(MalformedSubbuffer) {
        try decoder.forEachSequenceNumber(in: subbuffer) { read.append($0) }
      } catch {
        malformed = error
      }
    }
    if case .subbuffer = visited { return true }
    return false
  }
}
