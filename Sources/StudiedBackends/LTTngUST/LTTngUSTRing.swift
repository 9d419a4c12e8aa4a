import CTFPackets
import LTTngUSTBackend
import Study
import SubbufferSource
import Workload

/// A traced process with its session, set up for a study and ready.
struct LTTngUSTRing {
  let library: LTTngUSTLibrary
  let session: USTSession
  let producer: ProducerProcess
  let configuration: RingConfiguration
  var cpu: Int { configuration.producerCPU }

  /// Makes one, lets `body` use it, and takes it down again: first the traced process, then the session.
  /// - Parameter adjust: changes what the channel is made with.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails.
  static func with<Result: ~Copyable>(
    _ configuration: RingConfiguration, adjust: (inout ChannelAttributes) -> Void = { _ in },
    _ body: (LTTngUSTRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    let ring = try LTTngUSTRing(configuration, adjust)
    defer { ring.producer.end() }
    return try body(ring)
  }

  private init(
    _ configuration: RingConfiguration, _ adjust: (inout ChannelAttributes) -> Void
  ) throws(SourceError) {
    self.configuration = configuration
    library = try LTTngUSTLibrary()
    let listener = try USTListener(library)
    producer = try ProducerProcess(
      executable: ProducerExecutable.tracedProcess.path(), arguments: [String(configuration.producerCPU)],
      environment: listener.environment)
    var attributes = ChannelAttributes(
      mode: configuration.mode == .overwrite ? .overwrite : .discard, subbufferSize: configuration.subbufferSize,
      subbufferCount: configuration.subbufferCount)
    attributes.switchTimer = configuration.switchTimer
    adjust(&attributes)
    do {
      session = try USTSession(listener, process: producer.pid, attributes: attributes)
    } catch {
      var told = error
      let said = producer.diagnosticsText
      if !said.isEmpty { told.detail += "; the traced process said: \(said)" }
      throw told
    }
    try producer.waitUntilReady(10_000)
    try session.checkEvent()
    session.channel.waitForFullTimestamps()
  }

  /// The attributes of the channel.
  func settings() -> [Observation] {
    let attributes = session.channel.attributes
    return [
      Observation("mode", "\(attributes.mode)"), Observation("sub-buffer size", attributes.subbufferSize),
      Observation("sub-buffers", attributes.subbufferCount), Observation("switch timer", attributes.switchTimer),
      Observation("read timer", attributes.readTimer),
    ]
  }

  /// The ABI one to one.
  func consumerStream() throws(SourceError) -> ConsumerStream {
    try session.channel.stream(cpu: cpu)
  }

  /// The ABI as a source.
  func source(memory: ReaderMemory? = nil) throws(SourceError) -> LTTngUSTSource {
    try LTTngUSTSource(session, cpu: cpu, memory: memory)
  }
}
