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
