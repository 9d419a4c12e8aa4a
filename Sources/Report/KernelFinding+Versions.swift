import Study

extension Results {
  /// Trouble in the kernel's log during parts of a back end, or of several together: the number of reports by title.
  ///
  /// The titles have no numbers of lines, which differ between versions.
  /// - Returns: `nil` if the log was not read, so that nothing is known.
  func kernelTroubles(of backend: String) -> [String: Int]? {
    guard let log = kernelLog, log.unreadable == nil else { return nil }
    let found = KernelFinding.all(in: self).compactMap { finding -> (title: String, reports: Int)? in
      var own = finding
      own.occurrences = finding.occurrences.filter { occurrence in
        let name = occurrence.record.name(in: self).backend
        return name == nil || name == backend
      }
      return own.occurrences.isEmpty ? nil : (finding.titleWithoutLines, own.reports)
    }
    return Dictionary(found.map { ($0.title, $0.reports) }, uniquingKeysWith: +)
  }
}

extension KernelFinding {
  /// The title as it is compared between versions: without the number of a line of the source, "ring_buffer.c" for
  /// "ring_buffer.c:1234", and without the directory that lttng-modules up to 2.15 is built from.
  var titleWithoutLines: String {
    title.replacing(#/(\.[chS]):\d+/#) { $0.output.1 }.replacing(" at src/lib/", with: " at lib/")
  }

  /// The explanation of a report.
  func note(in wording: Wording) -> LogNote? { wording.logNotes.first { $0.title == titleWithoutLines } }
}
