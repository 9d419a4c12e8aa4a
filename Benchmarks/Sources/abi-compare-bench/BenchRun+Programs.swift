import CTFPackets
import Study
import SubbufferSource

extension BenchRun {
  /// What babeltrace2 or trace-cmd takes a second or more for.
  private var recordedEvents: UInt64 { options.isCheck ? 20_000 : 2_000_000 }

  mutating func programs() throws(SourceError) -> [Row] {
    let trials = trials(5, 1)
    return [
      Row(
        speedUp: "times as fast as babeltrace2, whole process: ns an event", try babeltrace2(trials),
        limit: .atLeast(10), &random),
      Row(
        speedUp: "times as fast as trace-cmd report, whole process: ns an event", try traceCmd(trials),
        limit: .atLeast(5), &random),
    ]
  }

  /// Both read one recording, a directory with one stream file.
  private mutating func babeltrace2(_ trials: Trials) throws(SourceError) -> Samples {
    let directory = try PrivateDirectory()
    let events = recordedEvents
    let stream = try LTTngUSTRing.with(.discard, subbufferCount: Capture.subbufferCount, placement) {
      (ring) throws(SourceError) in
      guard ring.session.eventHeader == .compact, ring.session.eventID == 0 else {
        throw SourceError(.unknownFormat, call: "record", detail: "\(ring.session.eventHeader) event headers")
      }
      _ = directory.file("metadata")
      var recording = try CTFRecording(in: directory.path, ring.trace)
      try ring.packets(events) { (subbuffer) throws(SourceError) in try recording.append(subbuffer) }
      return directory.file("stream-\(ring.trace.streamID)-\(ring.cpu)")
    }
    var contest = ProgramContest(
      ours: try Program.beside("count-events", ["packets", stream]),
      other: babeltrace2(directory.path, sink: "sink.utils.dummy"), events: events)
    let count = #"babeltrace2 run "$@" | sed -n 's/^ *\([0-9]*\) Event messages.*/\1/p'"#
    let counter = graph(directory.path, sink: "sink.utils.counter", "--params=step=+0")
    try contest.verify(counting: Program(name: "sh", arguments: ["-c", count, "sh"] + counter))
    return try Samples.of(&contest, trials, &random)
  }

  /// The source right at the sink: with one stream there is nothing to sort, so the muxer that babeltrace2 puts between
  /// them by itself would only cost.
  private func babeltrace2(_ recording: String, sink: String) -> Program {
    Program(name: "babeltrace2", arguments: ["run"] + graph(recording, sink: sink))
  }

  private func graph(_ recording: String, sink: String, _ sinkOptions: String...) -> [String] {
    ["--component=in:source.ctf.fs", "--params=inputs=[\"\(recording)\"]", "--component=out:\(sink)"]
      + sinkOptions + ["--connect=in:out"]
  }

  /// Both read the same sub-buffers: ours as they lie in a file, trace-cmd as it has made a `trace.dat` of that file.
  private mutating func traceCmd(_ trials: Trials) throws(SourceError) -> Samples {
    let directory = try PrivateDirectory()
    let events = recordedEvents
    let pages = try TracefsRing.with(.overwrite, subbufferCount: Capture.subbufferCount, placement) {
      (ring) throws(SourceError) in try ring.pages(events)
    }
    let file = try directory.write("pages.cpu0", pages)
    let recording = directory.file("trace.dat")
    _ = try Program(name: "trace-cmd", arguments: ["restore", "-o", recording, file]).time()
    let report = ["report", "-i", recording]
    var contest = ProgramContest(
      ours: try Program.beside("count-events", ["pages", file]), other: Program(name: "trace-cmd", arguments: report),
      events: events)
    let count = "trace-cmd \(report.joined(separator: " ")) | grep -c raw_data:"
    try contest.verify(
      counting: Program(name: "sh", arguments: ["-c", count]))
    return try Samples.of(&contest, trials, &random)
  }
}
