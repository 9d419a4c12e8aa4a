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
