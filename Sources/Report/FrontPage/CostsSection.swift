import Results

/// The costs at a glance: a row for each quantity, and two plots.
struct CostsSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    let figures = page.figures
    let rows = rows(figures).filter { $0.cells.contains { $0 != nil } }
    guard !rows.isEmpty else { return }
    let acquired = sizes(figures.growthSize)
    document.shortHeading(2, "Costs at a glance", anchor: "costs")
    document.wrapped(
      """
      In \(figures.unit); the median of trials, in parentheses the range of the trials\(trials). Acquire: full sub-buffers\(acquired.isEmpty ? "" : "\(acquired), filled by events of equal size"), \
      nothing lost, the writer idle; if an ABI has no release call, the acquire releases. *Fit*: the line \
      through the medians by the number of events. *No growth*: the spread of its slope contains 0, or it grows by less than 10 %. \
      \(concurrent(figures)) \(twoSpeeds(rows))\(LinkedSection.latency.link("Latency")), \
      \(LinkedSection.throughput.link("throughput")), \
      \(LinkedSection.writerOverhead.link("writer overhead")).
      """)
    var table = FrontPage.table([.text("\(figures.unit)")] + page.backends.map { .number(.code($0)) })
    for row in rows { table.add([row.name] + row.cells.map(Inline.optional)) }
    document.table(table)
    document.wrappedList(
      page.hazards.filter(\.isShown).map { backend, hazard, _ in
        "*Note*, \(code: backend): \(Inline.prose(hazard.text)) (\(Inline.prose(hazard.source)))"
      })
    for plot in page.plots where plot.isOnFrontPage { document.image("\(plot.description)", file: plot.file) }
  }

  /// " of 4096 or 8192 bytes": the sizes of the back ends' sub-buffers; empty if none was recorded.
  private func sizes(_ size: (String) -> String?) -> String {
    let sizes = page.backends.compactMap(size).uniqued()
    return sizes.isEmpty ? "" : " of \(sizes.joined(separator: " or ")) bytes"
  }

  private var trials: String {
    page.results.measurement.map { measurement in
      let writes = page.results.writerOverhead.map(\.service.count).max() ?? measurement.trials
      let others = writes == measurement.trials ? "" : ", \(writes) of a write"
      return """
        , \(measurement.trials) of each\(others); each sample, but for a drain as a whole, \
        includes \(measurement.clockOverhead) \(page.results.timeUnit) of clock reading
        """
    } ?? ""
  }

  /// The terms of the rows in which a writer and a reader run at the same time, or the reason why there is none.
  private func concurrent(_ figures: Figures) -> Inline {
    if page.results.environment.countsInstructions {
      return "No row has a writer next to a reader: the CPUs of this machine take turns."
    }
    let age = figures.deliveryRate.map {
      " Event age: from its time stamp until a reader holds it, at \(Format.grouped($0)) events/s."
    }
    let switches = page.backends.compactMap { backend -> Inline? in
      figures.writesPerSwitch(backend).map { "\($0) (\(code: backend))" }
    }
    let tail: Inline =
      switches.isEmpty
      ? ""
      : " A sub-buffer\(sizes { figures.writeSetting($0, "sub-buffer size") }), or as many bytes without sub-buffers, has \(Inline(switches, separator: ", ")) events: p99.9 is that of writes that begin a sub-buffer, if the ABI has them and they are the slowest."
    return "Write: \(modes(figures)); \(calls(figures)).\(tail)\(age ?? "")"
  }

  /// "one is lttng_ust_tracepoint (`a`), write (`b` and `c`)".
  private func calls(_ figures: Figures) -> Inline {
    let calls = page.backends.compactMap { backend in figures.writeCall(backend).map { (backend: backend, call: $0) } }
    let parts = calls.grouped(by: \.call).map { call, elements -> Inline in
      "\(call) (\(page.names(elements.map(\.backend))))"
    }
    return "one is \(Inline(parts, separator: ", "))"
  }

  /// "overwrite mode", or "overwrite mode (`a`, `b`), discard mode (`c`)" where the writers were timed in both.
  private func modes(_ figures: Figures) -> Inline {
    let modes = page.backends.compactMap { backend in figures.writeMode(backend).map { (backend: backend, mode: $0) } }
      .grouped(by: \.mode)
    return Inline(
      modes.map { mode, elements -> Inline in
        modes.count == 1
          ? "\(mode.rawValue) mode"
          : "\(mode.rawValue) mode (\(Inline(elements.map { "\(code: $0.backend)" }, separator: ", ")))"
      }, separator: ", ")
  }

  private func twoSpeeds(_ rows: [Row]) -> Inline {
    let isMarked = rows.contains { row in row.cells.contains { $0?.hasSuffix(CostFormat.twoSpeeds) == true } }
    return isMarked ? "\(CostFormat.twoSpeeds): the trials fall into two clusters. " : ""
  }

  private typealias Row = (name: Inline, cells: [String?])

  private func rows(_ figures: Figures) -> [Row] {
    let own = page.backends.map(Figures.ReadMethod.studied)
    let levels = own.map { figures.growth($0)?.levels ?? [] }
    let fits = levels.map { LinearFit($0) }
    var rows: [Row] = [
      (name(levels.map(\.first), "fewest"), levels.map { $0.first.flatMap { Figures.Value($0.trials)?.markedText } }),
      (name(levels.map(\.last), "most"), levels.map { $0.last.flatMap { Figures.Value($0.trials)?.markedText } }),
      ("… more for each event (fit)", zip(fits, levels).map { fit, levels in fit.map { slope($0, levels) } }),
      ("release alone", own.map { figures.release($0)?.markedText }),
      ("acquire of an empty ring buffer", own.map { figures.emptyAcquire($0)?.markedText }),
      ("drain and decode, per event", own.map { figures.drain($0)?.value.markedText }),
      ("… bytes of sub-buffer, of event", own.map { figures.drain($0).map { "\($0.size), \($0.eventSize)" } }),
      (
        "write of an event, p50, no reader",
        page.backends.map { figures.write($0, .noReader, percentile: 50)?.markedText }
      ),
      ("… an idle reader has it open", page.backends.map { figures.write($0, .idle, percentile: 50)?.markedText }),
      ("write of an event, p99.9, no reader", page.backends.map { figures.write($0, .noReader)?.markedText }),
      ("… an idle reader has it open", page.backends.map { figures.write($0, .idle)?.markedText }),
      (
        "… reader woken by a full sub-buffer",
        page.backends.map { figures.write($0, .waitingForSubbuffer)?.markedText }
      ),
    ]
    rows += [
      ("event age, reader polling", page.backends.map { figures.delivery($0, .polling)?.value.markedText }),
      ("… woken by the ABI", page.backends.map { figures.delivery($0, .woken)?.value.markedText }),
      (
        "… woken at",
        page.backends.map { backend in figures.delivery(backend, .woken).map { wake(of: $0.reader, backend) } }
      ),
      ("… by a timer", page.backends.map { figures.delivery($0, .timer)?.value.markedText }),
      ("… that timer", page.backends.map { figures.delivery($0, .timer)?.reader.setting }),
    ]
    let others = figures.readMethods.filter { !$0.isStudied }
    for reader in others.map(\.reader).uniqued() {
      rows.append(
        (
          "full sub-buffer by \(Format.cut(reader, to: 24)), most events",
          page.backends.map { backend in
            figures.growth(Figures.ReadMethod(backend: backend, reader: reader))?.levels.last.flatMap {
              Figures.Value($0.trials)?.markedText
            }
          }
        ))
    }
    return rows
  }

  /// The name of the row of one end of the numbers of events: "acquire and release, most events (145, 250)".
  private func name(_ levels: [LinearFit.Level?], _ end: String) -> Inline {
    let counts = levels.compactMap { $0.map { Int($0.level) } }.uniqued()
    let text = counts.map { "\($0)" }.joined(separator: ", ")
    return "acquire and release, \(end) events (\(text))"
  }

  /// The fill at which the ABI wakes a reader.
  private func wake(of reader: DeliveryLatencyReader, _ backend: String) -> String {
    if let wake = reader.wake { return wake.rawValue }
    let isPartial = page.answers["partial-not-visible", backend]?.result.answer != "only after a flush"
    return isPartial ? "the ABI's default" : "a full sub-buffer"
  }

  private func slope(_ fit: LinearFit, _ levels: [LinearFit.Level]) -> String {
    if fit.isFlat(upTo: levels.map(\.level).max() ?? 0) { return "no growth" }
    guard let spread = fit.slopeSpread else { return Format.significant(fit.slope) }
    return Figures.Value.text(fit.slope, spread.low, spread.high)
  }
}

extension Plot {
  /// `true` for the two plots that the front page shows.
  var isOnFrontPage: Bool { ["growth.svg", "writer-tail.svg"].contains(file) }
}
