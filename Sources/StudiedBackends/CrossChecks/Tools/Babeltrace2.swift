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
