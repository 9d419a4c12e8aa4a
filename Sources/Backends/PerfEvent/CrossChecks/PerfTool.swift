import Platform
import Results
import Study
import SubbufferSource

/// perf, which reads recordings of records.
struct PerfTool {
  /// Its name and version: `perf 6.1.187`.
  let title: String
  private let tool: InstalledTool

  /// Why it cannot be used where it is not installed.
  static let missing = InstalledTool.missing("perf", package: "linux-perf")

  /// Looks for it; `nil` where it is not installed.
  /// - Throws: ``SourceError`` where it does not run.
  init?() throws(SourceError) {
    guard let tool = InstalledTool("perf") else { return nil }
    self.tool = tool
    let words = try ToolRun.lines(of: tool.path, ["--version"]).first?.split(separator: " ") ?? []
    title = "perf \(words.last ?? "")"
  }

  /// The findings of `perf report` in records.
  struct Reading: Equatable {
    /// The samples.
    var samples: UInt64 = 0
    /// The records of lost events, and the sum of their numbers.
    var lostRecords: UInt64 = 0
    var lost: UInt64 = 0
    /// The lines of the records of lost events.
    var lines: [String] = []

    /// Reads what `perf report -D` prints: a line with `PERF_RECORD_SAMPLE` or `PERF_RECORD_LOST: id:1: lost:7` for each
    /// record of these types, and lines of its bytes that begin with a dot.
    init(_ output: [String]) {
      for line in output where !line.hasPrefix(".") {
        if line.contains(": PERF_RECORD_SAMPLE") { samples += 1 }
        guard line.contains(": PERF_RECORD_LOST:"), let number = line.split(separator: ":").last.flatMap({ UInt64($0) })
        else { continue }
        lostRecords += 1
        lost += number
        lines.append(line)
      }
    }
  }

  /// Has perf read records, as they lay in a ring buffer.
  /// - Throws: ``SourceError`` where a file cannot be written or perf fails.
  func read(_ records: [UInt8]) throws(SourceError) -> Reading {
    let directory = try CrossCheckDirectory()
    let path = try directory.write([PerfTool.header(of: records.count), records], to: "perf.data")
    return Reading(try ToolRun.lines(of: tool.path, ["report", "-D", "-i", path]))
  }

  /// The bytes before the records in a file of perf: `struct perf_file_header` of tools/perf/util/header.h, an id, and
  /// `struct perf_file_attr`. Of a tracepoint perf demands the descriptions of all trace events; the event is called one that
  /// programs of BPF write, of which it has the same fields.
  private static func header(of size: Int) -> [UInt8] {
    let (headerSize, idSize, attrSize) = (104, 8, 112)
    let entrySize = attrSize + 16
    let attrs = headerSize + idSize
    var words: [UInt64] = [magic, UInt64(headerSize), UInt64(entrySize)]
    for (offset, size) in [(attrs, entrySize), (attrs + entrySize, size), (0, 0)] {
      words += [UInt64(offset), UInt64(size)]
    }
    words += [0, 0, 0, 0]
    words += [1]
    // type PERF_TYPE_SOFTWARE and size; PERF_COUNT_SW_BPF_OUTPUT; period 1; PERF_SAMPLE_TIME and PERF_SAMPLE_RAW.
    words += [1 | UInt64(attrSize) << 32, 10, 1, 1 << 2 | 1 << 10]
    words += [UInt64](repeating: 0, count: (attrSize - 32) / 8)
    words += [UInt64(headerSize), UInt64(idSize)]
    return words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
  }

  /// "PERFILE2".
  private static let magic: UInt64 = 0x3245_4c49_4652_4550
}
