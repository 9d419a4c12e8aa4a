import LTTngBackend
import Platform
import Study
import SubbufferSource

/// babeltrace2, which reads recordings of CTF traces.
struct Babeltrace2 {
  /// Its name and version: `babeltrace2 2.0.4`.
  let title: String
  private let tool: InstalledTool

  /// Why it cannot be used where it is not installed.
  static let missing = InstalledTool.missing("babeltrace2", package: "babeltrace2")

  /// Looks for it; `nil` where it is not installed.
  /// - Throws: ``SourceError`` where it does not run.
  init?() throws(SourceError) {
    guard let tool = InstalledTool("babeltrace2") else { return nil }
    self.tool = tool
    title = Self.title(try ToolRun.lines(of: tool.path, ["--version"]))
  }

  /// Of `Babeltrace 2.0.4 "Amqui"` the version.
  static func title(_ lines: [String]) -> String {
    let words = lines.first?.split(separator: " ") ?? []
    return words.count > 1 && words[0] == "Babeltrace" ? "babeltrace2 \(words[1])" : "babeltrace2"
  }

  /// The contents of a recording, as the tool reports them.
  struct Reading {
    /// Its messages.
    var messages: Babeltrace2Messages
    /// Its events.
    var events: [TimedEvent]
  }

  /// Reads a recording, twice: once for its messages and once for what is in the events.
  /// - Throws: ``SourceError`` where it ends with an error, and of kind `unknownFormat` where it writes a line that is
  ///   not known, or not the same number of events both times.
  func read(_ directory: String) throws(SourceError) -> Reading {
    let details = ["--component=sink.text.details", #"--params=compact=yes,with-metadata=no,color="never""#]
    let messages = Babeltrace2Messages(try ToolRun.lines(of: tool.path, [directory] + details))
    var events: [TimedEvent] = []
    for line in try ToolRun.lines(of: tool.path, ["--clock-cycles", directory]) {
      guard let event = Babeltrace2Events.event(in: line) else { throw unknown("'\(line)'") }
      events.append(event)
    }
    guard messages.events == events.count else {
      throw unknown("\(messages.events) event messages, and \(events.count) lines of events")
    }
    return Reading(messages: messages, events: events)
  }

  private func unknown(_ detail: String) -> SourceError {
    SourceError(
      .unknownFormat, call: "read the output of \(title)", detail: detail,
      remedy: "report it: the text format of this version is unknown")
  }
}

/// The events that babeltrace2 writes as text, one line each, with `--clock-cycles`:
///
///     [00000000005000000010] (+000000000010) abi_compare:seq: { cpu_id = 1 }, { seq = 2, length = 3, payload = [ …
///
/// Source: `pretty_print_event` in `src/plugins/text/pretty/print.c`, babeltrace2 2.0.4.
enum Babeltrace2Events {
  /// The event of a line; `nil` where it is not of that form.
  static func event(in line: String) -> TimedEvent? {
    guard line.hasPrefix("["), let end = line.firstIndex(of: "]"),
      let time = UInt64(line[line.index(after: line.startIndex)..<end]),
      let field = line.range(of: "{ seq = ")
    else { return nil }
    let digits = line[field.upperBound...].prefix { $0.isNumber }
    return UInt64(digits).map { TimedEvent(sequence: $0, time: time) }
  }
}

/// The messages that babeltrace2 makes of a trace, as its `sink.text.details` writes them with `compact=yes`: one line
/// each,
///
///     [5,000,000,050 5,000,000,050] {0 0 1} Event `abi_compare:seq` (0)
///     [5,000,000,045 …] [5,000,000,070 …] {0 0 1} Discarded events (3 events)
///     [5,000,000,045 …] [5,000,000,050 …] {0 0 1} Discarded packets (2 packets)
///     [5,000,000,000 …] [5,000,000,030 …] {0 0 1} Discarded events
///
/// the last one where it knows that there were some, and not how many.
///
/// Source: `write_discarded_items_message` in `src/plugins/text/details/write.c`, babeltrace2 2.0.4.
struct Babeltrace2Messages: Equatable {
  /// The event messages.
  var events: UInt64 = 0
  /// The number of each message about discarded events, in order; `nil` for one without a number.
  var discardedEvents: [UInt64?] = []
  /// The number of each message about discarded packets, in order; `nil` for one without a number.
  var discardedPackets: [UInt64?] = []
  /// The packets that it read.
  var packets: UInt64 = 0
  /// The lines about discarded events and packets.
  var lossLines: [String] = []

  /// Reads the lines; those of another form are not about events or losses.
  init(_ lines: some Sequence<String>) {
    for line in lines {
      guard let end = line.lastIndex(of: "}") else { continue }
      let message = line[line.index(after: end)...].drop { $0 == " " }
      if message.hasPrefix("Event ") {
        events += 1
      } else if message.hasPrefix("Packet beginning") {
        packets += 1
      } else if message.hasPrefix("Discarded events") {
        discardedEvents.append(Self.number(in: message))
        lossLines.append(line)
      } else if message.hasPrefix("Discarded packets") {
        discardedPackets.append(Self.number(in: message))
        lossLines.append(line)
      }
    }
  }

  /// The number in parentheses, with commas between the thousands.
  private static func number(in message: Substring) -> UInt64? {
    guard let start = message.firstIndex(of: "(") else { return nil }
    let digits = message[message.index(after: start)...].prefix { $0.isNumber || $0 == "," }
    return UInt64(digits.filter { $0 != "," })
  }
}
