import Glibc
import Platform
import Study
import SubbufferSource
import SystemPackage
import TracefsABI

/// trace-cmd, which reads the kernel's ring buffers and files of their sub-buffers.
struct TraceCmd {
  /// Its name and version: `trace-cmd 3.1.6`.
  let title: String
  let tool: InstalledTool

  /// Why it cannot be used where it is not installed.
  static let missing = InstalledTool.missing("trace-cmd", package: "trace-cmd")

  /// Looks for it; `nil` where it is not installed.
  /// - Throws: ``SourceError`` where it does not run.
  init?() throws(SourceError) {
    guard let tool = InstalledTool("trace-cmd") else { return nil }
    self.tool = tool
    // Without arguments it says its version and how it is used, and ends with EXIT_FAILURE.
    title = Self.title(try ToolRun.lines(of: tool.path, [], statuses: [0, 1, 255]))
  }

  /// Of `trace-cmd version 3.1.6 (not-a-git-repo)` the version.
  static func title(_ lines: [String]) -> String {
    let start = "trace-cmd version "
    guard let line = lines.first(where: { $0.hasPrefix(start) }) else { return "trace-cmd" }
    return "trace-cmd \(line.dropFirst(start.count).prefix { $0 != " " })"
  }

  /// The report on a file of its own, `trace.dat`, with whole nanoseconds.
  /// - Returns: the lines, for ``TraceCmdReport``.
  /// - Throws: ``SourceError`` where it ends with an error.
  func report(_ file: String) throws(SourceError) -> [String] {
    try ToolRun.lines(of: tool.path, ["report", "-t", "-i", file])
  }
}

extension TraceCmd {
  /// The result of `trace-cmd extract` on a ring buffer.
  struct Extract {
    /// The lines of the report on what it read.
    var report: [String]
    /// The loss that it reported at its end: `CPU 1: 2208 events lost`, from the counters in `stats`.
    var lostLines: [String]
    /// The sum of those, of all CPUs.
    var lost: UInt64
  }

  /// Has `trace-cmd extract -k` read the ring buffers of one instance to their end.
  ///
  /// It runs in a mount namespace of its own, in which the instance stands where tracefs was: so the instance is the
  /// top-level buffer for it, and there is no other. Without that trace-cmd 3.1.6 reads the machine's top-level buffer
  /// too, whatever instance is named (observed: `extract -k -B NAME` opens the top-level `per_cpu/cpu0/trace_pipe_raw`):
  /// `trace_extract` in `tracecmd/trace-record.c` calls `update_first_instance(ctx.instance, 1)`. Corrected in 3.2
  /// (9c9d5ed9, "trace-cmd extract: Do not extract top level unless told to").
  ///
  /// `-k` leaves the options as they are; else it would end the recording.
  /// - Throws: ``SourceError`` where the namespace cannot be made or trace-cmd fails.
  func extract(_ instance: TracefsInstance) throws(SourceError) -> Extract {
    let directory = try CrossCheckDirectory()
    let output = "\(directory.path)/trace.dat"
    guard let unshare = InstalledTool("unshare") else {
      throw SourceError(
        .unavailable, call: "unshare", detail: "not on the PATH", remedy: "apt-get install util-linux")
    }
    let lines = try withFixedEvents { () throws(SourceError) in
      try ToolRun.lines(
        of: unshare.path, ["--mount", "sh", "-euc", Self.script, "sh", instance.path, tool.path, output])
    }
    let lost = lines.compactMap { line in Self.lost(in: line).map { (line, $0) } }
    return Extract(
      report: try report(output), lostLines: lost.map(\.0), lost: lost.reduce(0) { $0 &+ $1.1 })
  }

  /// Runs trace-cmd while no other run defines or removes an event: it copies the formats of all events of the machine.
  private func withFixedEvents(
    _ run: () throws(SourceError) -> [String]
  ) throws(SourceError) -> [String] {
    let lock = try TraceEventsLock(Tracefs.mountedOrMounting(), .shared)
    let lines = try run()
    _ = consume lock
    return lines
  }

  /// Of `CPU 1: 2208 events lost` the number.
  static func lost(in line: String) -> UInt64? {
    let words = line.split(separator: " ")
    guard words.count == 5, words[0] == "CPU", words[3] == "events", words[4] == "lost" else { return nil }
    return UInt64(words[2])
  }

  /// Mounts the instance over every tracefs, and goes on only where there is no way to another instance.
  private static let script = """
    instance=$1 tool=$2 output=$3
    cd "$instance"
    points=$(while read -r device point type rest; do
      if [ "$type" = tracefs ]; then echo "$point"; fi
    done < /proc/self/mounts)
    [ -n "$points" ]
    # The first mount hides the instance's own path.
    source=.
    for point in $points; do
      mount --bind "$source" "$point"
      source=$point
    done
    for point in $points; do
      if [ -e "$point/instances" ]; then echo "other instances are within reach at $point" >&2; exit 1; fi
    done
    cd /
    exec "$tool" extract -k -o "$output"
    """
}

extension TraceCmd {
  /// Has `trace-cmd restore` make a file of sub-buffers that this program was handed out, and reports on it. No ring
  /// buffer is touched.
  ///
  /// The sub-buffers of a CPU lie one after the other in a file, as trace-cmd-record(1) leaves them where it is ended
  /// before its time; CPUs are told by the order of the files, so those below have empty ones.
  /// - Parameters:
  ///   - pages: whole sub-buffers, in order. They have to be as large as a page: trace-cmd 3.1.6 writes the machine's
  ///     page size into its file as that of all sub-buffers.
  ///   - cpu: whose they are.
  /// - Throws: ``SourceError`` where a file cannot be written or trace-cmd fails.
  func restore(_ pages: [[UInt8]], cpu: Int) throws(SourceError) -> TraceCmdReport {
    let directory = try CrossCheckDirectory()
    var files: [String] = []
    for number in 0...cpu {
      files.append(try directory.write(number == cpu ? pages : [], to: "pages.cpu\(number)"))
    }
    let output = "\(directory.path)/trace.dat"
    _ = try withFixedEvents { [files] () throws(SourceError) in
      try ToolRun.lines(of: tool.path, ["restore", "-o", output] + files)
    }
    return try TraceCmdReport(report(output))
  }
}

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
