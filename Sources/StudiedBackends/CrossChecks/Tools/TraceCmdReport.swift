import SubbufferSource

/// The lines of `trace-cmd report -t` for the workload's events:
///
///     cpus=2
///     CPU:1 [2208 EVENTS DROPPED]
///                <...>-23885 [001] 10681.710157772: raw_data:             # 5eb a0 08 00 00 00 00 00 00 10 …
///     CPU:1 [EVENTS DROPPED]
///
/// A line about dropped events stands before the first event of a sub-buffer before which events were missed. Of an
/// event there are the time in seconds, the id of the marker, and the bytes after it in hexadecimal, the sequence
/// number first.
///
/// Source: `trace_show_data` in `tracecmd/trace-read.c`, trace-cmd 3.1.6; `print fmt` of
/// `events/ftrace/raw_data/format`.
struct TraceCmdReport: Equatable {
  /// The form in which it reports missed events.
  static let missedBy = "trace-cmd report: [N EVENTS DROPPED]"

  /// The events.
  private(set) var events: [TimedEvent] = []
  /// The missed events that its lines about dropped events report.
  private(set) var missed = KernelReading.Missed()
  /// The lines about dropped events.
  private(set) var lossLines: [String] = []

  /// `true` if the last line was one about dropped events without a number.
  private var missesNumber = false

  /// Reads the lines of one report, or of several on what was read of one ring buffer, one after the other.
  /// - Throws: ``SourceError`` of kind `unknownFormat` where there is a line of another form.
  init(_ lines: some Sequence<String>) throws(SourceError) {
    for line in lines {
      if line.hasPrefix("CPU:"), line.hasSuffix("EVENTS DROPPED]") {
        if let number = Self.number(in: line) {
          missed.counted &+= number
        } else {
          missed.withoutNumber += 1
          missesNumber = true
        }
        lossLines.append(line)
      } else if let event = Self.event(in: line) {
        append(event)
      } else if !line.hasPrefix("cpus=") {
        throw SourceError(
          .unknownFormat, call: "read the output of trace-cmd report", detail: "'\(line)'",
          remedy: "report it: the text format of this version is unknown")
      }
    }
  }

  private mutating func append(_ event: TimedEvent) {
    if missesNumber {
      missed.missingWithoutNumber &+= event.sequence &- events.nextSequence
      missesNumber = false
    }
    events.append(event)
  }

  private static func number(in line: String) -> UInt64? {
    guard let start = line.firstIndex(of: "[") else { return nil }
    return UInt64(line[line.index(after: start)...].prefix { $0.isNumber })
  }

  private static func event(in line: String) -> TimedEvent? {
    guard let name = line.range(of: ": raw_data:"), let mark = line[name.upperBound...].firstIndex(of: "#"),
      let time = line[..<name.lowerBound].split(separator: " ").last.flatMap({ nanoseconds($0) })
    else { return nil }
    // The id, and then the bytes.
    let bytes = line[mark...].dropFirst().split(separator: " ").dropFirst().prefix(8).map { UInt8($0, radix: 16) }
    guard bytes.count == 8 else { return nil }
    var sequence: UInt64 = 0
    for byte in bytes.reversed() {
      guard let byte else { return nil }
      sequence = sequence << 8 | UInt64(byte)
    }
    return TimedEvent(sequence: sequence, time: time)
  }

  /// `10681.710157772` in nanoseconds.
  private static func nanoseconds(_ text: Substring) -> UInt64? {
    let parts = text.split(separator: ".")
    guard parts.count == 2, parts[1].count == 9, let seconds = UInt64(parts[0]), let rest = UInt64(parts[1]) else {
      return nil
    }
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? nil : whole &+ rest
  }
}
