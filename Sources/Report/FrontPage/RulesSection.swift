import Study

/// Advice to consumers, which follows from the answers of this run.
struct RulesSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    let parts = page.backends.map { (backend: $0, rules: rules(of: $0)) }.filter { !$0.rules.isEmpty }
    guard !parts.isEmpty else { return }
    document.shortHeading(2, "Rules for a consumer (notes, each bound to an answer)", anchor: "rules")
    for (backend, rules) in parts {
      document.heading(3, .code(backend))
      document.wrappedList(
        rules.map { rule in
          "\(rule.isDo ? "**Do**" : "**Don't**" as Inline) \(Inline.prose(rule.text)) (\(page.claim(rule.claim, rule.answer)))"
        })
    }
  }

  private func rules(of backend: String) -> [Rule] {
    let abis = page.results.abis(of: backend)
    let all = page.wording.rules.filter { rule in
      abis.contains(rule.abi) && page.answers[rule.claim, backend]?.result.answer == rule.answer
    }
    return Array(all.prefix(page.detail.rules))
  }
}
