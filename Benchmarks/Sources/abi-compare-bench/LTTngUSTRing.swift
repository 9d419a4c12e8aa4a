import LTTngUSTABI
import Platform
import Study
import SubbufferSource
import Workload

/// A traced process with its session, as the study sets it up.
struct LTTngUSTRing {
  let session: USTSession
  let producer: ProducerProcess
  let cpu: Int

  /// Makes one, lets `body` use it, and takes it down again.
  static func with<Result>(
    _ mode: RingMode, subbufferCount: Int, _ placement: CPUPlacement,
    _ body: (LTTngUSTRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    let ring = try LTTngUSTRing(mode, subbufferCount, cpu: placement.producer)
    defer { ring.producer.end() }
    return try body(ring)
  }

  private init(_ mode: RingMode, _ subbufferCount: Int, cpu: Int) throws(SourceError) {
    self.cpu = cpu
    let listener = try USTListener(try LTTngUSTLibrary())
    producer = try ProducerProcess(
      executable: ProducerExecutable.tracedProcess.path(), arguments: [String(cpu)], environment: listener.environment)
    session = try USTSession(
      listener, process: producer.pid,
      attributes: ChannelAttributes(
        mode: mode == .overwrite ? .overwrite : .discard, subbufferSize: Fill.subbufferSize,
        subbufferCount: subbufferCount))
    try producer.waitUntilReady(10_000)
    try session.checkEvent()
  }

  func source() throws(SourceError) -> LTTngUSTSource {
    try LTTngUSTSource(session, cpu: cpu)
  }
}
