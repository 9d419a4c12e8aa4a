@testable import Report
import Results
import Testing

/// Trouble in the kernel's log, as findings of the report.
@Suite struct KernelFindingTests {
  private let results = Fixture.results

  @Test func `reports of one place are one finding, whatever part and thread`() throws {
    let finding = try #require(KernelFinding.all(in: results).first)
    #expect(
      finding.title == "the kernel warned: WARNING at src/frontend.c:1264 lib_ring_buffer_get_subbuf [lttng]")
    #expect(finding.occurrences.map(\.record) == [.probe(0), .loss(1)])
    #expect(finding.reports == 2)
    #expect(finding.undecided == nil)
  }

  @Test(arguments: [
    "WARNING: CPU: 1 PID: 7 at kernel/trace/trace.c:8663 tracing_buffers_mmap_close+0x4e/0x60",
    "WARNING: kernel/trace/trace.c:8700 at tracing_buffers_mmap_close+0x4e/0x60, CPU#1: exe/7",
  ])
  func `a warning has one title in the words of every kernel`(_ message: String) {
    var results = results
    results.probes[0].kernelLog = KernelLogExcerpt(lines: [
      KernelLogLine(sequence: 1, time: 0, level: 4, caller: nil, message: message)
    ])
    let titles = KernelFinding.all(in: results).map(\.titleWithoutLines)
    #expect(
      titles.contains("the kernel warned: WARNING at kernel/trace/trace.c tracing_buffers_mmap_close"), "\(titles)")
  }

  @Test func `a report in the records of several parts is one, and its cause is undecided`() throws {
    let finding = try #require(KernelFinding.all(in: results).last)
    #expect(finding.occurrences.map(\.record) == [.probe(4), .loss(2)])
    #expect(finding.reports == 1)
    #expect(finding.undecided?.contains("2 other parts ran at the same time") == true)
  }

  @Test func `trouble of other programs and reports of lost events are no findings`() {
    #expect(KernelFinding.all(in: results).count == 2)
    let all = KernelFinding.occurrences(in: results)
    #expect(all.contains { $0.trouble.kind == .hungTask && $0.cause == .others })
    #expect(all.contains { $0.trouble.kind == .lossReport })
  }

  @Test func `a finding is on the front page, in the mail and on the page of findings`() throws {
    let pages = MarkdownReport.pages(results, Fixture.wording, plots: [])
    let front = try #require(pages.last?.text)
    #expect(front.contains("### Trouble in the kernel's log (S1): 2 kinds"))
    #expect(front.contains("lib_ring_buffer_get_subbuf"))
    let findings = try #require(pages.first { $0.file == "findings.md" }?.text)
    #expect(findings.contains(" lib_ring_buffer_ioctl+0x2a0/0x360 [lttng]\n"))
    #expect(!findings.contains("RAX: 0000"))
    #expect(MailReport.render(results, Fixture.wording).contains("S1 kernel log: the kernel warned: WARNING at"))
  }

  @Test func `a run whose log was not read says so`() throws {
    var results = results
    results.kernelLog = KernelLogResult(unreadable: "open /dev/kmsg: EPERM")
    let pages = MarkdownReport.pages(results, Fixture.wording, plots: [])
    #expect(try #require(pages.last?.text).contains("its log was not read (open /dev/kmsg: EPERM)"))
    #expect(try #require(pages.first { $0.file == "tool.md" }?.text).contains("no: open /dev/kmsg: EPERM"))
  }

  @Test func `results without the channel do not claim that there was no trouble`() throws {
    var results = Fixture.empty
    results.kernelLog = nil
    let tool = try #require(MarkdownReport.pages(results, Wording(), plots: []).first { $0.file == "tool.md" })
    #expect(tool.text.contains("It was not read: the results are of a version without this channel."))
  }

  @Test func `the explanation of a cell has the kernel's lines, and no control characters`() {
    let lines = Explanation(.probe(0), in: results, Wording(), file: "x") { _, _ in nil }.lines
    #expect(lines.contains { $0.hasPrefix("kernel log: the kernel warned: WARNING: CPU: 0 PID: 753") })
    #expect(lines.contains("kernel log line: 597 +1801 <4>  </TASK>"))
    #expect(lines.contains("kernel log: 3 other lines of the kernel were not kept"))
    let log = KernelLogExcerpt(lines: [KernelLogLine(sequence: 1, time: 2, level: 3, message: "a\u{1B}[31m")])
    #expect(Explanation.lines(of: log) == ["kernel log line: 1 +2 <3> a\\u{1B}[31m"])
  }
}
