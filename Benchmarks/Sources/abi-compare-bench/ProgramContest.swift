import SubbufferSource

/// Two whole programs that decode the same recording, from their start to their end.
struct ProgramContest: Contest {
  /// `count-events`.
  let ours: Program
  /// The other one.
  let other: Program
  /// The number of events that the recording has.
  let events: UInt64

  mutating func timeSwift() throws(SourceError) -> Double {
    Double(try ours.time()) / Double(events)
  }

  mutating func timeOther() throws(SourceError) -> Double {
    Double(try other.time()) / Double(events)
  }

  /// Before anything is timed: whether both find all events.
  /// - Parameter counting: the other program, made to say a number.
  func verify(counting: Program) throws(SourceError) {
    // Not beside a recording: babeltrace2 takes every file there for a stream.
    let directory = try PrivateDirectory()
    let file = directory.file("trace.dat.said")
    for program in [ours, counting] {
      let said = try program.output(in: file)
      guard let number = said.split(whereSeparator: \.isWhitespace).first, UInt64(number) == events else {
        throw SourceError(
          .malformed, call: program.name, detail: "it says '\(said.prefix(200))' of \(events) events",
          remedy: "a benchmark of programs that do not read the same means nothing")
      }
    }
  }
}
