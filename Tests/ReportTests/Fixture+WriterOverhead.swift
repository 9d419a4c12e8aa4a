import Results
import SubbufferSource

extension Fixture {
  /// Writers whose cost grows with the activity of the reader; some have no reader, few samples, or refused events.
  static let writerOverhead: [WriterOverheadResult] = {
    var noWrite = writer("tracefs", .overwrite, .noWrite, scale: 20, count: 60_000)
    (noWrite.produced, noWrite.refused) = (0, 0)
    var waiting = writer("tracefs", .overwrite, .waitingForSubbuffer, scale: 800, count: 60_000)
    (waiting.delivered, waiting.wakeups) = (60_000, 321)
    var holding = writer("lttng-ust", .discard, .holding, scale: 150, count: 59_000)
    holding.delivered = 40_000
    holding.refused = nil
    holding.serviceOfRefused = writer("", .discard, .holding, scale: 60, count: 600).service
    var idle = writer("lttng-ust", .discard, .idle, scale: 120, count: 60_000)
    (idle.delivered, idle.refused, idle.call) = (60_000, nil, "tracepoint | <a>")
    return [
      noWrite, writer("tracefs", .overwrite, .noReader, scale: 500, count: 60_000),
      writer("tracefs", .overwrite, .noReaderAgain, scale: 501, count: 60_000), waiting,
      writer("lttng-ust", .discard, .noReader, scale: 110, count: 60_000), idle, holding,
    ]
  }()

  private static func writer(
    _ backend: String, _ mode: RingMode, _ condition: WriterCondition, scale: UInt64, count: UInt64
  ) -> WriterOverheadResult {
    let service = row(backend, .acquire, hasData: true, "", scale: scale, count: count)
    var result = WriterOverheadResult(
      backend: backend, mode: mode, condition: condition, call: "write(2) | x",
      setup: service.setup + [Observation("events of a sub-buffer", 100)])
    result.produced = count
    result.refused = 0
    result.service = service.trials
    result.response = row(backend, .acquire, hasData: true, "", scale: scale + 100, count: count).trials
    return result
  }
}
