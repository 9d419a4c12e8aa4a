import Study

/// The status, facts and optional capabilities of each back end.
struct BackendsSection: ReportSection {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    document.heading(.backends)
    if results.backends.isEmpty { document.paragraph("None was recorded.") }
    for backend in results.backends.filter(\.isLive) + results.backends.filter({ !$0.isLive }) {
      write(backend, to: &document)
    }
  }

  private func write(_ backend: BackendResult, to document: inout MarkdownDocument) {
    document.heading(3, "\(code: backend.name): \(backend.title)")
    var status: Inline = "Status: **\(backend.status.rawValue)** (\(results.kind(of: backend.name)))."
    if let reason = backend.reason {
      status = "\(status) Reason: \(reason)"
    } else if backend.status != .ran {
      status = "\(status) No reason was recorded."
    }
    document.paragraph(status)
    if let remedy = backend.remedy {
      document.paragraph("To enable it:")
      document.codeBlock(remedy)
    }
    if !backend.abis.isEmpty {
      document.paragraph(
        "Expectations used: \(Inline(backend.abis.map { .text($0) }, separator: ", otherwise ")).")
    }
    if !backend.capabilities.isEmpty {
      document.paragraph(
        "Optional capabilities: \(Inline(backend.capabilities.map { .code($0) }, separator: ", ")).")
    }
    if !backend.facts.isEmpty { document.table(of: backend.facts, heading: "Fact") }
  }
}
