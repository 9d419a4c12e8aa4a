import SubbufferSource
import SubbufferSourceConformance
import Testing

/// A harness or a writer that fails breaks no clause and does not end the kit.
struct HarnessTroubleTests {
  private static let options = ConformanceOptions(extent: .quick)

  @Test func `Without a counter of allocations clause 13 is inconclusive and the others are not`() {
    for result in ConformanceKit.run(MemoryHarness(), Self.options) {
      if result.clause == .nothingPerSubbuffer {
        #expect(result.verdict == .inconclusive("the options have no counter of allocations"))
      } else {
        #expect(result.verdict == .kept, "\(result)")
      }
    }
  }

  @Test func `A counter that does not count is seen`() {
    let options = ConformanceOptions(extent: .quick, allocations: { 7 })
    let verdict = ConformanceKit.run(MemoryHarness(), options)[12].verdict
    guard case .inconclusive(let reason) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(reason.contains("does not count"))
  }

  @Test(arguments: Trouble.total)
  func `Every clause is inconclusive, and says why`(_ trouble: Trouble) {
    let results = ConformanceKit.run(TroubledHarness(trouble: trouble), Self.options)
    #expect(results.map(\.clause) == Clause.allCases)
    for result in results where result.clause != .nothingPerSubbuffer {
      guard case .inconclusive(let reason) = result.verdict else {
        Issue.record("\(result)")
        continue
      }
      #expect(reason.contains(trouble.reason), "\(reason)")
    }
  }

  @Test func `An end that the user asks for ends the run at once`() {
    let harness = TroubledHarness(trouble: .interrupted)
    let results = ConformanceKit.run(harness, Self.options)
    #expect(results.map(\.cases).reduce(0, +) == 1)
  }

  @Test func `A writer that cannot be ended leaves clause 6 open`() {
    let results = ConformanceKit.run(TroubledHarness(trouble: .endlessWriter), Self.options)
    guard case .inconclusive(let reason) = results[5].verdict else {
      Issue.record("\(results[5])")
      return
    }
    #expect(reason.contains("cannot end the writer"))
  }
}

/// A failure outside the source.
enum Trouble: String {
  case setUpFails
  case visitorNotCalled
  case nothingFits
  case sizeZero
  case noShapes
  case writerFails
  case writerMiscounts
  case interrupted
  case endlessWriter

  /// Failures after which no clause can be tested.
  static let total: [Trouble] = [
    .setUpFails, .visitorNotCalled, .nothingFits, .sizeZero, .noShapes, .writerFails, .writerMiscounts, .interrupted,
  ]

  var reason: String {
    switch self {
    case .setUpFails: "no ring buffer today"
    case .visitorNotCalled: "did not call the visitor"
    case .nothingFits, .sizeZero: "no two events fit"
    case .noShapes: "no case was run"
    case .writerFails: "the writer is gone"
    case .writerMiscounts: "the writer reports"
    case .endlessWriter: ""
    case .interrupted: "ended by the user"
    }
  }
}

private struct TroubledHarness: ConformanceHarness {
  let trouble: Trouble
  private let memory = MemoryHarness()

  init(trouble: Trouble) {
    self.trouble = trouble
  }

  let name = "troubled"
  let modes = RingMode.allCases
  var subbufferSizes: [Int] { trouble == .noShapes ? [] : [4096] }
  let headerSize = MemoryRing.headerSize
  let largestPayload = 65536
  var endsWriter: Bool { trouble != .endlessWriter }
  let writesConcurrently = true

  func eventSize(payload: Int) -> Int {
    switch trouble {
    case .nothingFits: 5000 + payload
    case .sizeZero: 0
    default: memory.eventSize(payload: payload)
    }
  }

  func withSource<Visitor: ConformanceVisitor>(_ shape: RingShape, _ visitor: inout Visitor) throws(SourceError) {
    switch trouble {
    case .setUpFails: throw SourceError(call: "set up", detail: "no ring buffer today")
    case .interrupted: throw SourceError(.interrupted, call: "run", detail: "ended by the user")
    case .visitorNotCalled: return
    default: break
    }
    let ring = MemoryRing(shape, isPartial: false)
    var source = MemorySource(ring)
    visitor.visit(&source, TroubledWriter(ring: ring, trouble: trouble))
  }
}

private struct TroubledWriter: ConformanceWriter {
  let ring: MemoryRing
  let trouble: Trouble

  func write(first: UInt64, count: UInt64, payload: Int) throws(SourceError) -> Written {
    switch trouble {
    case .writerFails: throw SourceError(call: "write", detail: "the writer is gone")
    case .writerMiscounts: return Written(accepted: count, refused: 1)
    default: return ring.write(first: first, count: count, payload: payload)
    }
  }

  func end() { ring.end() }
}
