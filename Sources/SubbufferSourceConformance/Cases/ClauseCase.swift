import SubbufferSource

/// The body of a clause's test, for one ring buffer.
protocol ClauseCase {
  /// The load, in words.
  var load: String { get }

  /// Ends without an error where the clause is kept.
  mutating func run<Source: SubbufferSource & ~Copyable>(_ source: inout Source, _ bench: inout Bench) throws(CaseEnd)
}

/// Runs a body on the ring buffer that it is called with.
struct CaseVisitor<Body: ClauseCase>: ConformanceVisitor {
  private(set) var body: Body
  private let shape: RingShape
  private let sizes: EventSizes
  private let conditions: Bench.Conditions
  private(set) var end: CaseEnd?
  private(set) var wasCalled = false

  init(_ body: Body, _ shape: RingShape, _ sizes: EventSizes, _ conditions: Bench.Conditions) {
    self.body = body
    self.shape = shape
    self.sizes = sizes
    self.conditions = conditions
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(_ source: inout Source, _ writer: any ConformanceWriter) {
    wasCalled = true
    var bench = Bench(shape, sizes, writer, conditions)
    do throws(CaseEnd) {
      try body.run(&source, &bench)
    } catch {
      end = error
    }
  }
}
