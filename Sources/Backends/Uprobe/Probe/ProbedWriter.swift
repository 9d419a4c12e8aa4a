import SubbufferSource
import TracefsABI
import Workload

/// A process of the probed writer, ready to write, and trace events at its function.
public struct ProbedWriter {
  /// The events, all at the same place: one cannot be enabled for a tracing instance and for perf at once.
  public let events: [UprobeEvent]
  /// The process.
  public let producer: ProducerProcess

  /// Defines an event, starts a writer, lets `body` use both, and ends and removes them in the reverse order. What records
  /// the event must be closed when `body` returns.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails.
  public static func with<Result: ~Copyable>(
    cpu: Int, eventCount: Int = 1, _ body: (ProbedWriter) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    let tracefs = try Tracefs.mountedOrMounting()
    let program = try ProducerExecutable.probedWriter.path()
    var events: [UprobeEvent] = []
    for _ in 0..<eventCount { events.append(try UprobeEvent(in: tracefs, program: program)) }
    let result = try run(events, program, cpu, body)
    for event in events { try event.remove() }
    return result
  }

  private static func run<Result: ~Copyable>(
    _ events: [UprobeEvent], _ program: String, _ cpu: Int, _ body: (ProbedWriter) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    let producer = try ProducerProcess(executable: program, arguments: [String(cpu)])
    defer { producer.end() }
    try producer.waitUntilReady(10_000)
    return try body(ProbedWriter(events: events, producer: producer))
  }
}
