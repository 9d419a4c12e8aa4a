import Glibc
import Study
import SubbufferSource
import Synchronization
import SystemPackage
import TracefsABI

/// The event that the kernel makes of one write to `trace_marker_raw`.
enum MarkerEvent {
  /// The bytes of an event.
  ///
  /// An event header of 4 bytes, 8 of common fields, and what was written, in words of 4 bytes (`events/header_event`,
  /// `events/ftrace/raw_data/format`). Above 112 bytes of data the event header has a word more, for the length
  /// (kernel/trace/ring_buffer.c, `rb_calculate_event_length`, `RB_MAX_SMALL_DATA`).
  /// - Parameter written: how many bytes were written, the id among them.
  static func byteCount(written: Int) -> Int { byteCount(written: written, surplus: surplus) }

  private static func byteCount(written: Int, surplus: Int) -> Int {
    let data = 8 + written + surplus
    return (data > 112 ? 8 : 4) + (data + 3) / 4 * 4
  }

  /// Bytes that the running kernel reserves beyond what it writes: 4 if it counts the id twice, 0 if it does not; 0 before
  /// the first ring buffer was opened.
  ///
  /// Observed: 4 with Linux 6.12.95, 0 with 6.18.44. It does not follow from a version, since stable kernels get changes of
  /// later ones, so it is measured (``measureSurplus()``).
  static var surplus: Int { known.withLock { $0 } ?? 0 }

  /// The variable by which a process of this program is given the number.
  static let variable = "ABI_COMPARE_MARKER_SURPLUS"

  /// The number that was given by the parent process, or measured.
  private static let known = Mutex(given)

  /// No surplus is larger than a word of the kernel.
  private static var given: Int? {
    getenv(variable).flatMap { Int(String(cString: $0)) }.flatMap { (0...8).contains($0) ? $0 : nil }
  }

  /// Measures ``surplus``, once in a process: called when a ring buffer is opened, so that loads are sized by it.
  /// - Throws: ``SourceError`` if a call fails.
  static func measureSurplus() throws(SourceError) {
    let error = known.withLock { known -> SourceError? in
      guard known == nil else { return nil }
      do throws(SourceError) {
        known = try measured()
        return nil
      } catch {
        return error
      }
    }
    if let error { throw error }
  }

  /// Writes one event, and takes its bytes from `per_cpu/cpuN/stats`.
  private static func measured() throws(SourceError) -> Int {
    let tracefs = try Tracefs.mountedOrMounting()
    let instance = try TracefsInstance(in: tracefs)
    // More than the text that stands in place of data which cannot be read.
    let count = 40
    let written = try MarkerFile(instance).write(zeros: count)
    guard written == count else {
      throw SourceError(call: "write trace_marker_raw", errno: Errno(rawValue: Int32(-written)))
    }
    var bytes = 0
    for cpu in 0..<Int(sysconf(Int32(_SC_NPROCESSORS_CONF))) {
      guard let text = try? instance.text("per_cpu/cpu\(cpu)/stats") else { continue }
      let line = text.split(separator: "\n").first { $0.hasPrefix("bytes: ") }
      bytes += line.flatMap { Int($0.dropFirst(7)) } ?? 0
    }
    try instance.remove()
    guard bytes > 0 else {
      throw SourceError(.unknownFormat, call: "read per_cpu/cpuN/stats", detail: "no bytes of the event written")
    }
    return bytes - byteCount(written: count, surplus: 0)
  }
}
