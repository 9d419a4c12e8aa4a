import Results
import SubbufferSource

/// The result in about ten sentences. Each is a template that the answers and numbers of the run fill, or is left out.
struct HighlightsSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    let sentences = sentences
    guard !sentences.isEmpty else { return }
    document.shortHeading(2, "What came out", anchor: "what-came-out")
    document.wrappedList(sentences)
  }

  /// The sentences that the results imply.
  var sentences: [Inline] {
    let figures = page.figures
    let designs = designs(figures)
    // The sentences on the designs say the same.
    let others = designs.isEmpty ? losses + [emptyAcquire(figures), delivery(figures)] : []
    // The table of costs has these numbers, too.
    let costs = page.detail < .least ? [growth(figures), baselines(figures), writer(figures)] : []
    return ([comparison, findings] + designs + [sharedLoads] + answers + others + costs).compactMap(\.self)
  }

  /// One sentence on each ABI: how exactly it counts losses, its cost for each event, the age of the events, and what comes
  /// of a reader that breaks the rules.
  private func designs(_ figures: Figures) -> [Inline?] {
    guard page.backends.count > 1 else { return [] }
    return page.backends.map { backend in
      let parts = [exactness(backend), cost(backend, figures), age(backend, figures), badReader(backend)]
        .compactMap(\.self)
      return parts.isEmpty ? nil : "**\(code: backend)**: \(Inline(parts, separator: "; "))."
    }
  }

  /// "losses counted exactly by the reader ABI alone in 4 of 10 scenarios in overwrite mode".
  private func exactness(_ backend: String) -> Inline? {
    let subjects = page.losses.filter { $0.backend == backend && !$0.lossy.isEmpty }
    guard !subjects.isEmpty else { return nil }
    let parts = subjects.map { subject -> Inline in
      let recipe = subject.exact(\.recipe)
      let alone = subject.exact(\.readerABI)
      let more = recipe == alone ? "" : " (\(recipe) by the recipe)"
      return "\(subject.mode.rawValue) mode \(alone) of \(subject.lossy.count)\(more)"
    }
    return "losses counted exactly by the reader ABI alone: \(Inline(parts, separator: ", "))"
  }

  private func cost(_ backend: String, _ figures: Figures) -> Inline? {
    let write = figures.write(backend, .noReader, percentile: 50).map {
      "write \($0.text(in: figures.unit)) (p50; \(figures.writeCall(backend) ?? "write"))"
    }
    let read = figures.drain(.studied(backend)).map { "drain and decode \($0.value.text(in: figures.unit))" }
    let costs = [write, read].compactMap(\.self)
    return costs.isEmpty ? nil : "for each event, \(costs.joined(separator: ", "))"
  }

  private func age(_ backend: String, _ figures: Figures) -> Inline? {
    let ages = [Figures.DeliveryReader.polling, .woken].compactMap { reader in
      figures.delivery(backend, reader).map { found -> String in
        let setting = found.reader.setting.isEmpty ? reader == .woken ? "at its default" : "" : found.reader.setting
        return "\(found.value.text(in: figures.unit)) \(reader.rawValue)\(setting.isEmpty ? "" : " (\(setting))")"
      }
    }
    return ages.isEmpty ? nil : "age of an event when it is read, \(ages.joined(separator: ", "))"
  }

  private func badReader(_ backend: String) -> Inline? {
    let deeds = page.wording.decisions.compactMap { question -> Inline? in
      guard let deed = question.deed, let answer = page.answers[question.claim, backend]?.result.answer else {
        return nil
      }
      return "\(deed): \(page.claim(question.claim, answer))"
    }
    return deeds.isEmpty ? nil : "a reader that breaks the rules: \(Inline(deeds, separator: ", "))"
  }

  /// The load of which the most was lost, in the mode that the most ring buffers have.
  private var sharedLoads: Inline? {
    let records = page.results.sharedLoads ?? []
    guard
      let record = records.filter({ $0.course == "stalled" }).max(by: { $0.rings.count < $1.rings.count })
    else { return nil }
    let parts = record.rings.map { ring -> Inline in
      let judgement = LossJudge.judge(ring.history)
      let reported: Inline =
        switch ring.history.readerABI.last?.loss ?? .notTold {
        case .events(let count): "\(count)"
        case let other: .text(other.text)
        }
      return
        "\(code: ring.backend) delivered \(judgement.delivered), lost \(judgement.lost), its reader ABI reported \(reported)"
    }
    return """
      The same \(record.rings[0].history.produced) calls of one writer into \(record.rings.count) ring buffers of \
      \(record.setup.value(of: "bytes of each ring buffer") ?? "equal") bytes, \(record.mode.rawValue) mode: \
      \(Inline(parts, separator: "; ")) (\(LinkedSection.sharedLoads.link("event by event"))).
      """
  }

  private var comparison: Inline? {
    let comparisons = page.answers.claims.map(page.answers.comparison)
    let different = comparisons.count { $0 == .different }
    let comparable = comparisons.count { $0 != .notComparable }
    guard comparable > 0 else { return nil }
    return """
      \(comparable) questions were decided on at least two live ABIs: \(comparable - different) have the same answer, \
      \(different) have different ones\(pairs) (\(Inline.link("comparison", to: "comparison"))).
      """
  }

  /// The same of each pair of back ends, if there are more than two: ". `tracefs` and `lttng-ust`: 23 of 52 alike".
  private var pairs: Inline {
    guard page.backends.count > 2 else { return "" }
    let parts = page.backends.pairs(where: { _, _ in true }).compactMap { first, second -> Inline? in
      let answers = page.answers.claims.compactMap { claim -> (String, String)? in
        guard let one = page.answers[claim, first]?.result.answer,
          let other = page.answers[claim, second]?.result.answer
        else { return nil }
        return (one, other)
      }
      guard !answers.isEmpty else { return nil }
      return "\(page.names([first, second])) \(answers.count { $0.0 == $0.1 }) of \(answers.count)"
    }
    return parts.isEmpty ? "" : "; alike by pair: \(Inline(parts, separator: ", "))"
  }

  /// The answers to the questions that make a sentence.
  private var answers: [Inline?] {
    page.wording.decisions.map { question in
      guard let sentence = question.sentence else { return nil }
      let groups = page.answers.groups(of: question.claim)
      guard !groups.isEmpty else { return nil }
      let parts = groups.map { group -> Inline in "**\(group.answer)** (\(page.names(group.backends)))" }
      return "\(sentence): \(Inline(parts, separator: "; ")) (\(page.claim(question.claim, "evidence")))."
    }
  }

  private var losses: [Inline?] {
    page.losses.map(\.mode).grouped(by: \.self).map { mode, _ -> Inline? in
      let parts = page.losses.filter { $0.mode == mode }.map { subject -> Inline in
        "\(code: subject.backend) \(LossCountingSection.summary(subject))"
      }
      return """
        Lost events in \(mode) mode, counted by the reader ABI alone, in scenarios with a loss: \
        \(Inline(parts, separator: "; ")) (\(Inline.link("recipes", to: "losses-at-a-glance"))).
        """
    }
  }

  private var findings: Inline? {
    guard !page.findings.isEmpty else { return nil }
    let counts = Severity.allCases.compactMap { severity -> String? in
      let count = page.findings.count { $0.severity == severity }
      return count == 0 ? nil : "\(count) \(severity.rawValue)"
    }
    let worst = page.findings.prefix { $0.severity == .s1 }.prefix(3).map { finding -> Inline in
      "\(finding.title) (\(code: finding.result.backend))"
    }
    let named: Inline = worst.isEmpty ? "" : ", among them: \(Inline(worst, separator: "; "))"
    let trouble: Inline =
      page.kernelFindings.isEmpty
      ? ""
      : "; in the kernel's log \(Format.count(page.kernelFindings.count, "kind")) of trouble"
    return "Findings: \(counts.joined(separator: ", "))\(named)\(trouble) (\(Inline.link("findings", to: "findings")))."
  }

  private func growth(_ figures: Figures) -> Inline? {
    let parts = page.backends.compactMap { backend -> Inline? in
      guard let levels = figures.growth(.studied(backend)), let fit = LinearFit(levels.levels) else { return nil }
      guard let first = levels.levels.first, let last = levels.levels.last, let least = Figures.Value(first.trials),
        let most = Figures.Value(last.trials)
      else { return nil }
      let ends = """
        \(least.text(in: figures.unit)) with \(Int(first.level)) and \(most.text(in: figures.unit)) with \(Int(last.level)) \
        events in it
        """
      if fit.isFlat(upTo: last.level) { return "\(ends) (\(code: backend), no growth)" }
      return "\(ends), about \(Format.significant(fit.slope)) \(figures.unit) for each (\(code: backend))"
    }
    return sentence("Acquire and release of a full sub-buffer take", parts, .link("costs", to: "costs"))
  }

  /// A sentence on the ABIs with a cost, and a link to their page; `nil` without one.
  private func sentence(_ start: Inline, _ parts: [Inline], _ link: Inline) -> Inline? {
    parts.isEmpty ? nil : "\(start) \(Inline(parts, separator: "; ")) (\(link))."
  }

  /// The ways of reading a full sub-buffer of one back end, with the most events and with the fewest.
  private func baselines(_ figures: Figures) -> Inline? {
    let sentences = page.backends.compactMap { backend -> Inline? in
      let methods = figures.readMethods.filter { $0.backend == backend }
      let levels = methods.map { figures.growth($0)?.levels ?? [] }
      guard methods.count > 1, let most = levels[0].last?.level, let fewest = levels[0].first?.level else { return nil }
      func costs(at level: Double) -> [Inline] {
        zip(methods, levels).compactMap { method, levels -> Inline? in
          guard let level = levels.first(where: { $0.level == level }), let cost = Figures.Value(level.trials) else {
            return nil
          }
          return "\(cost.text(in: figures.unit)) \(Self.name(method))"
        }
      }
      let (last, first) = (costs(at: most), costs(at: fewest))
      guard last.count > 1 else { return nil }
      let least: Inline = first.count > 1 ? "; with \(Int(fewest)) in it \(Inline(first, separator: ", "))" : ""
      return """
        A full sub-buffer of \(Int(most)) events (\(code: backend)) takes \(Inline(last, separator: ", "))\(least)\
        \(drains(of: backend, figures))
        """
    }
    guard !sentences.isEmpty else { return nil }
    return """
      \(Inline(sentences, separator: ". ")); the other ways without a mapping \
      (\(LinkedSection.latency.link("latency"))).
      """
  }

  /// "through the mapping", "by `read(2)`".
  private static func name(_ method: Figures.ReadMethod) -> Inline {
    method.isStudied ? "through the mapping" : "by \(code: method.reader)"
  }

  /// The costs of a decoded event by each method of reading a back end, if more than one was measured.
  private func drains(of backend: String, _ figures: Figures) -> Inline {
    let drains = figures.readMethods.filter { $0.backend == backend }.compactMap { method in
      figures.drain(method).map { (name: Self.name(method), drain: $0) }
    }
    guard drains.count > 1 else { return "" }
    let costs = drains.map { "\($0.drain.value.text(in: figures.unit)) \($0.name)" as Inline }
    return """
      ; drained with decoding, sub-buffers of \(drains[0].drain.size) bytes, an event takes \
      \(Inline(costs, separator: ", "))
      """
  }

  private func delivery(_ figures: Figures) -> Inline? {
    let parts = Figures.DeliveryReader.allCases.compactMap { reader -> Inline? in
      let values = page.backends.compactMap { backend -> Inline? in
        guard let found = figures.delivery(backend, reader) else { return nil }
        let setting = found.reader.setting.isEmpty ? "" : ", \(found.reader.setting)"
        return "\(found.value.text(in: figures.unit)) (\(code: backend)\(setting))"
      }
      return values.isEmpty ? nil : "\(reader.rawValue) \(Inline(values, separator: ", "))"
    }
    guard let rate = figures.deliveryRate else { return nil }
    return sentence(
      "Median age of an event when a reader holds it, at \(Format.grouped(rate)) events/s:", parts,
      LinkedSection.deliveryLatency.link("delivery latency"))
  }

  private func emptyAcquire(_ figures: Figures) -> Inline? {
    let parts = page.backends.compactMap { backend -> Inline? in
      figures.emptyAcquire(.studied(backend)).map {
        "\($0.text(in: figures.unit)) (\(code: backend))"
      }
    }
    return sentence("An acquire that finds nothing takes", parts, LinkedSection.latency.link("latency"))
  }

  private func writer(_ figures: Figures) -> Inline? {
    let parts = page.backends.compactMap { backend -> Inline? in
      let percentiles = [(50.0, "p50"), (99.9, "p99.9")].compactMap { percentile, name -> String? in
        guard let without = figures.write(backend, .noReader, percentile: percentile),
          let with = figures.write(backend, .idle, percentile: percentile)
        else { return nil }
        let overlap = without.range.overlaps(with.range) ? " (ranges overlap)" : " (ranges apart)"
        return "\(name) \(without.text(in: figures.unit)) without and \(with.text(in: figures.unit)) with it\(overlap)"
      }
      return percentiles.isEmpty ? nil : "\(percentiles.joined(separator: ", ")) (\(code: backend))"
    }
    return sentence(
      "A reader that has the ring buffer open and sleeps: an event's write takes", parts,
      LinkedSection.writerOverhead.link("writer overhead"))
  }
}
