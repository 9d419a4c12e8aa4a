import Study
import SubbufferSource
import Workload

/// Writes a load, ends the partial sub-buffer, and reads all of it.
struct WriteAndReadAll: RingVisitor {
  private let load: Load
  private let look: Bool

  /// What the producer wrote.
  private(set) var truth: Truth?
  /// The sequence numbers, as they were read.
  private(set) var read: [UInt64] = []
  /// What could not be decoded.
  private(set) var malformed: MalformedSubbuffer?
  /// What the process held before the producer wrote.
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
