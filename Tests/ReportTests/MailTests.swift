@testable import Report
import Testing

@Suite struct MailTests {
  @Test func `the mail has at most 100 lines of 75 columns and no markup`() {
    var results = Fixture.results
    for _ in 0..<6 { results.probes += Fixture.probes }
    for index in results.probes.indices { results.probes[index].id += index < 20 ? "" : "-\(index)" }
    let mail = MailReport.render(results, Fixture.wording)
    let lines = mail.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 101 && mail.hasSuffix("\n"))
    for line in lines where !line.contains("https://") { #expect(line.count <= 75, "\(line)") }
    #expect(!mail.contains("](") && !mail.contains("**") && !mail.contains("\u{1}"))
    #expect(mail.contains("https://lore.kernel.org/r/1234@example.org/"))
  }

  @Test func `the mail states the findings with their workarounds`() {
    let mail = MailReport.render(Fixture.results, Fixture.wording)
    #expect(mail.contains("S1 tracefs: reader.lost_events is always 0."))
    #expect(mail.replacing(/\s+/, with: " ").contains("Workaround: Read bit 31 of `commit`."))
  }
}
