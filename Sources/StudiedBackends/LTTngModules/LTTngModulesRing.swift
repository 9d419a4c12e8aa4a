import CTFPackets
import LTTngModulesBackend
import Study
import SubbufferSource
import Workload

/// A session of the kernel tracer with a writer of its logger, set up for a study and ready.
struct LTTngModulesRing {
  let session: ModulesSession
  let producer: LoggerProducer
  let configuration: RingConfiguration
  var cpu: Int { configuration.producerCPU }

  /// Makes one, lets `body` use it, and takes it down again: first the writer, then the session.
  /// - Parameter adjust: changes what the channel is made with.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails.
  static func with<Result: ~Copyable>(
    _ configuration: RingConfiguration, adjust: (inout ModulesChannelAttributes) -> Void = { _ in },
    _ body: (LTTngModulesRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    let ring = try LTTngModulesRing(configuration, adjust)
    defer { ring.producer.end() }
    return try body(ring)
  }

  private init(
    _ configuration: RingConfiguration, _ adjust: (inout ModulesChannelAttributes) -> Void
  ) throws(SourceError) {
    self.configuration = configuration
    var attributes = ModulesChannelAttributes(
      mode: configuration.mode == .overwrite ? .overwrite : .discard, subbufferSize: configuration.subbufferSize,
      subbufferCount: configuration.subbufferCount)
    attributes.switchTimer = configuration.switchTimer
    // A jiffy at the most: nothing but the timer wakes a reader up.
    attributes.readTimer = 1_000
    adjust(&attributes)
    // First: without the tracer the writer has no logger either.
    let modules = try LTTngModules()
    let process = try ProducerProcess(
      executable: ProducerExecutable.loggerWriter.path(),
      arguments: [String(configuration.producerCPU), LTTngModules.loggerPath])
    try process.waitUntilReady(10_000)
    session = try ModulesSession(modules, attributes: attributes, process: process.pid)
    producer = LoggerProducer(process, session)
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

  /// The ABI as a source.
  func source(memory: ReaderMemory? = nil) throws(SourceError) -> LTTngModulesSource {
    try LTTngModulesSource(session, cpu: cpu, memory: memory)
  }
}
