import Platform
import Study
import SubbufferSource
import TracefsBackend

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
    let lines = try ToolRun.lines(
      of: unshare.path, ["--mount", "sh", "-euc", Self.script, "sh", instance.path, tool.path, output])
    let lost = lines.compactMap { line in Self.lost(in: line).map { (line, $0) } }
    return Extract(
      report: try report(output), lostLines: lost.map(\.0), lost: lost.reduce(0) { $0 &+ $1.1 })
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
