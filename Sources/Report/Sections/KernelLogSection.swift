import Study

/// The way in which the kernel's log was read, and its lines during parts of the run without a page of their own.
struct KernelLogSection: ReportSection {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    document.heading(.kernelLog)
    guard let log = results.kernelLog else {
      return document.paragraph("It was not read: the results are of a version without this channel.")
    }
    let taint = [log.taintBefore, log.taintAfter].map { $0.map { KernelLogResult.text(ofTaint: $0) } ?? "not readable" }
    var facts = [
      Observation("read", log.unreadable.map { "no: \($0)" } ?? "yes"),
      Observation("markers", log.unmarked.map { "missing: \($0)" } ?? "before each part on a live back end"),
      Observation("forks of the machine", log.forksUnknown.map { "not followed: \($0)" } ?? "followed"),
      Observation("taint before and after", taint.joined(separator: ", ")),
    ]
    let occurrences = KernelFinding.occurrences(in: results)
    let faults = occurrences.filter { $0.trouble.kind.isFault }
    let reports = Set(faults.map { $0.log.lines[$0.trouble.headline].sequence })
    let others = faults.filter { $0.cause == .others }
    let losses = occurrences.filter { [.lossReport, .channelLosses].contains($0.trouble.kind) }
    facts += [
      Observation("reports of trouble", reports.count),
      Observation("of these, of other programs", Set(others.map { $0.log.lines[$0.trouble.headline].sequence }).count),
      Observation("reports of lost events", losses.count),
    ]
    document.table(of: facts, heading: "Kernel log")
    for part in log.parts ?? [] {
      let backend: Inline = part.backend.map { " on \(code: $0)" } ?? ""
      document.details("\(part.part)\(backend)") { KernelLogText(log: part.log).write(to: &$0) }
    }
  }
}
