import Study

/// A part of the report under one heading. Every sentence in it comes from the results; what is fixed are headings and
/// explanations of units and terms.
protocol ReportSection {
  /// Writes the section.
  func write(to document: inout MarkdownDocument)
}
