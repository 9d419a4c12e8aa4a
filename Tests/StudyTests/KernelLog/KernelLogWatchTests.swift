import CPlatform
import Foundation
import Platform
import Results
@testable import Study
import SubbufferSource
import Synchronization
import Testing

/// The kernel's log of this machine, watched during parts of a run. Lines that look like the kernel's are written by the
/// tests, so the watch takes the facility of user space for the kernel's.
@Suite(.serialized) struct KernelLogWatchTests {
  private let facilities: Set = [KernelLogRecord.kernel, KernelLogRecord.user]

  private func watch(followingForks: Bool = true) throws -> KernelLogWatch {
    try requireKernelLog()
    return KernelLogWatch(facilities: facilities, followingForks: followingForks)
  }

  /// Has a process write a line that looks like a warning in it.
  private func warn(_ name: String, pid: String = "$$") throws {
    try shell("echo \"<4>WARNING: CPU: 0 PID: \(pid) at \(name).c:1 f+0x1/0x2\" > /dev/kmsg")
  }

  private func shell(_ command: String) throws {
    let process = try PipedProcess(executable: "/bin/sh", arguments: ["-c", command], longestLine: 100)
    try #require(try process.nextLine(20_000) == .ended)
    try #require(process.howItEnded() == .status(0))
  }

  private func during(
    _ watch: KernelLogWatch, _ name: String = "test", _ body: () throws -> Void
  ) throws -> KernelLogExcerpt? {
    let reading = watch.begin(name)
    try body()
    return watch.end(reading)
  }

  private func cause(_ excerpt: KernelLogExcerpt?) throws -> KernelLogCause {
    let excerpt = try #require(excerpt)
    return excerpt.cause(of: try #require(excerpt.troubles.first))
  }

  @Test func `a warning of a process of the part is the part's`() throws {
    let watch = try watch()
    let excerpt = try during(watch) { try warn("own") }
    #expect(excerpt?.lines.map(\.level) == [4])
    #expect(try cause(excerpt) == .part)
    #expect(watch.result.unreadable == nil)
    #expect(watch.result.unmarked == nil)
    #expect(watch.result.forksUnknown == nil)
  }

  @Test func `a warning of a grandchild is the part's`() throws {
    let excerpt = try during(try watch()) {
      try shell("sh -c 'echo \"<4>WARNING: CPU: 0 PID: $$ at deep.c:1 f\" > /dev/kmsg'; exit 0")
    }
    #expect(try cause(excerpt) == .part)
  }

  @Test func `a warning before the marker or after the end is not the part's`() throws {
    let watch = try watch()
    try warn("early")
    let excerpt = try during(watch) {}
    try warn("late")
    #expect(excerpt == nil)
  }

  @Test func `a warning of another program is caused by others`() throws {
    let watch = try watch()
    // The first process of the PID namespace.
    #expect(try cause(during(watch) { try warn("other", pid: "1") }) == .others)
  }

  @Test func `a warning of a thread of the kernel decides nothing`() throws {
    let watch = try watch()
    for thread in ["0", "2"] {
      guard case .undecided(let reason) = try cause(during(watch) { try warn("kernel", pid: thread) }) else {
        Issue.record("decided")
        return
      }
      #expect(reason.contains("the kernel's"))
    }
  }

  @Test func `without the forks of the machine a process of the part is unknown`() throws {
    let watch = try watch(followingForks: false)
    guard case .undecided = try cause(during(watch) { try warn("unknown") }) else {
      Issue.record("decided")
      return
    }
    #expect(try cause(during(watch) { try warn("thread", pid: "\(cprocess_thread_id())") }) == .part)
  }

  @Test func `parts in parallel have their own warnings, and each knows of the other`() throws {
    let watch = try watch()
    let parts = 4
    let gates = Gates()
    let found = Mutex<[Int: KernelLogExcerpt]>([:])
    SideBySide.forEach(of: parts, threads: parts) { index in
      let reading = watch.begin("part \(index)")
      gates.begun.add(1, ordering: .acquiringAndReleasing)
      while gates.begun.load(ordering: .acquiring) < parts { sched_yield() }
      try? warn("part\(index)")
      gates.warned.add(1, ordering: .acquiringAndReleasing)
      while gates.warned.load(ordering: .acquiring) < parts { sched_yield() }
      let excerpt = watch.end(reading)
      found.withLock { $0[index] = excerpt }
    }
    let excerpts = found.withLock { $0 }
    #expect(excerpts.count == parts)
    for (index, excerpt) in excerpts {
      #expect(
        excerpt.lines.map(\.message) == [
          "WARNING: CPU: 0 PID: \(excerpt.threads?.first?.id ?? 0) at part\(index).c:1 f+0x1/0x2"
        ])
      #expect(excerpt.inParallel == parts - 1)
      #expect(excerpt.leftOut == parts - 1)
      #expect(try cause(excerpt) == .part)
    }
  }

  private final class Gates: Sendable {
    let begun = Atomic<Int>(0)
    let warned = Atomic<Int>(0)
  }

  @Test func `a warning without a thread cannot be told while parts run in parallel`() throws {
    let watch = try watch()
    let outer = watch.begin("outer")
    let inner = try during(watch, "inner") { try shell("echo '<4>BUG: nobody knows' > /dev/kmsg") }
    let excerpts = [inner, watch.end(outer)]
    for excerpt in excerpts {
      guard case .undecided(let reason) = try cause(excerpt) else {
        Issue.record("decided")
        return
      }
      #expect(reason.contains("another part ran at the same time"))
    }
    let sequences = try excerpts.map { try #require($0?.lines.first?.sequence) }
    #expect(sequences[0] == sequences[1])
  }

  @Test func `lines of user space are not the kernel's`() throws {
    try requireKernelLog()
    let watch = KernelLogWatch()
    #expect(try during(watch) { try warn("forged") } == nil)
  }

  @Test func `lines that were overwritten are counted`() throws {
    let watch = try watch()
    let line = String(repeating: "x", count: 900)
    let excerpt = try during(watch) {
      let reader = try KernelLogReader()
      // It reads one record of fifty, until the first unread one is gone.
      repeat {
        for _ in 0..<50 { try KernelLog.write(line) }
      } while try reader.next() != .overwritten
    }
    #expect((excerpt?.overwritten ?? 0) > 0)
  }

  @Test func `only some of many lines are kept, and the rest is counted`() throws {
    let watch = try watch()
    let excerpt = try during(watch) {
      for number in 0..<300 { try KernelLog.write("<4> line \(number)", level: 4) }
    }
    #expect(excerpt?.lines.count == KernelLogExcerpt.longest)
    #expect((excerpt?.leftOut ?? 0) >= 300 - KernelLogExcerpt.longest)
  }

  @Test func `a change of the taint is kept`() throws {
    try requireKernelLog()
    let taints = Mutex([0, 0, 512].map(KernelTaint.init(rawValue:)))
    let watch = KernelLogWatch(taint: { taints.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } })
    #expect(try during(watch) {}?.taint == KernelLogExcerpt.Taint(before: 0, after: 512))
    #expect(watch.result.taintBefore == 0)
    #expect(watch.result.taintAfter == 512)
  }

  @Test func `a change of the taint in parallel with others is not kept without a warning`() throws {
    try requireKernelLog()
    let taints = Mutex([0, 0, 0, 512].map(KernelTaint.init(rawValue:)))
    let watch = KernelLogWatch(taint: { taints.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } })
    let outer = watch.begin("outer")
    #expect(try during(watch, "inner") {} == nil)
    #expect(watch.end(outer) == nil)
  }

  @Test func `a channel's report of lost events is kept only if the part runs alone`() throws {
    let watch = try watch()
    let report = "echo '<4>LTTng: ring buffer x, cpu 0: records were lost. Caused by:' > /dev/kmsg"
    #expect(try during(watch) { try shell(report) }?.troubles.map(\.kind) == [.channelLosses])
    let outer = watch.begin("outer")
    #expect(try during(watch, "inner") { try shell(report) } == nil)
    #expect(watch.end(outer) == nil)
  }

  @Test func `a log that cannot be read has its reason, once`() throws {
    let watch = KernelLogWatch(path: "/nonexistent/kmsg", followingForks: false)
    for _ in 0..<2 { #expect(try during(watch) {} == nil) }
    #expect(watch.result.unreadable?.contains("/nonexistent/kmsg") == true)
  }

  @Test func `a marker that does not arrive is reported, and lines are kept from the open on`() throws {
    try requireKernelLog()
    // Written to a device that discards it.
    let watch = KernelLogWatch(markerPath: "/dev/null", facilities: facilities)
    let excerpt = try during(watch) { try warn("unmarked") }
    #expect(watch.result.unmarked?.contains("/dev/null") == true)
    #expect(try cause(excerpt) == .part)
    #expect(excerpt?.lines.first?.time == 0)
  }

  /// Ends a test on a machine without a kernel log: as skipped if live back ends may be absent, else as failed.
  private func requireKernelLog() throws {
    if geteuid() == 0, FileManager.default.fileExists(atPath: KernelLogReader.device) { return }
    if ProcessInfo.processInfo.environment["ABI_COMPARE_ALLOW_SKIP"] == "1" {
      try Test.cancel("root and \(KernelLogReader.device) are needed")
    }
    throw SourceError(.unavailable, call: "open \(KernelLogReader.device)", detail: "root is needed")
  }
}
