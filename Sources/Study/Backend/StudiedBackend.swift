import Platform
import Results
import SubbufferSource
import Workload

/// A ring buffer that the study can be made on: how it is opened, and who writes into it.
public protocol StudiedBackend: Sendable {
  /// The name by which it is asked for: `tracefs`.
  var name: String { get }
  /// The name of the ring buffer, in a few words.
  var title: String { get }
  /// `true` for the real ABI, `false` for a model of one.
  var isLive: Bool { get }
  /// The live back end that this is a model of, by its name; `nil` for a live one.
  var modelOf: String? { get }
  /// The ABIs that it is one of, the most specific first.
  var abis: [ABI] { get }
  /// The modes that its ring buffers have on this machine, at least one.
  var modes: [RingMode] { get }
  /// The CPU to which its producers are pinned.
  var producerCPU: Int { get }
  /// The calls that the operations of the protocol are, for a report.
  var calls: CallNames { get }
  /// The other ways of reading its ring buffers, which the reader ABI is held against.
  var baselines: [Baseline] { get }
  /// `true` if several of its ring buffers may be used at a time by threads of one process.
  var isThreadSafe: Bool { get }
  /// The semantic probes on this back end.
  var probes: [Probe] { get }
  /// The variables added to the environment of a process that makes a probe: the measurements already made here.
  var childEnvironment: [String: String] { get }
  /// Why there is no probe of a claim that is not in ``probes``.
  func whyNotProbed(_ claim: Claim) -> String

  /// The number of bytes of a sub-buffer that its header takes.
  var headerSize: Int { get }

  /// The number of bytes of a sub-buffer that an event of the workload takes, its header included, where no time
  /// extension is needed.
  /// - Parameter payload: the bytes besides the sequence number and its length word.
  func eventSize(payload: UInt32) -> Int

  /// The additional bytes of the first event written into a ring buffer.
  var firstEventSurplus: Int { get }

  /// The largest payload that its producer can write where a sub-buffer has room for the event, in bytes.
  var largestPayload: Int { get }

  /// Versions and sizes that the ABI itself reports.
  /// - Throws: ``SourceError`` where it cannot be opened.
  func facts() throws(SourceError) -> BackendFacts

  /// Removes what runs left on the machine that were killed.
  /// - Returns: the names of what was removed.
  func removeAbandoned() -> [String]

  /// Makes a ring buffer with a producer that is ready, lets the visitor use both, and takes all of it down again.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  func withStudiedRing<Visitor: StudiedRingVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError)

  /// The loss-counting recipe of its source, in each mode.
  var lossRecipes: [LossRecipe] { get }

  /// Why the back end cannot do what a loss scenario needs; `nil` where it can.
  func lacks(_ need: RingNeed) -> String?

  /// Has loads counted by programs of others, and by other ways of reading.
  /// - Parameters:
  ///   - mode: that of the ring buffers.
  ///   - profile: how many loads.
  ///   - seed: what the sizes of the loads are drawn from, the same in both modes.
  /// - Throws: ``SourceError`` where a call fails that is not a tool's.
  func crossChecks(
    _ mode: RingMode, _ profile: Profile, seed: UInt64
  ) throws(SourceError) -> [CrossCheckResult]

  /// The duration of the cross-checks of one mode, in seconds; for an estimate of the time.
  func crossCheckSeconds(_ profile: Profile) -> Double

  /// Makes a ring buffer for each way of reading it, and lets the visitor count what a reader touches; a model has none.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  func withCountedReader<Visitor: AccessCountsVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError)

  /// Holds a model against itself: runs its steps in interleavings drawn from consecutive seeds, the first of them 0.
  /// - Returns: one result for each mode; none of a live back end.
  func checkAgainstItself(schedules: Int) -> [ModelCheckResult]

  /// The program of 32 bits that reads its ring buffer; `nil` if there is none.
  var reader32: Reader32.Program? { get }

  /// Makes one round of reading at the one-to-one layer and writes down each call.
  /// - Throws: ``SourceError`` where a call fails.
  func recordOperations() throws(SourceError) -> [OperationRecord]
}

extension StudiedBackend {
  /// Both.
  public var modes: [RingMode] { RingMode.allCases }

  /// The mode of what is measured in one mode only: overwrite where there is such a mode.
  package var usualMode: RingMode { modes.contains(.overwrite) ? .overwrite : .discard }

  /// Those of some modes that its ring buffers have; the one that they have if it is none of these.
  package func modes(of wanted: [RingMode]) -> [RingMode] {
    let common = wanted.filter(modes.contains)
    return common.isEmpty ? [usualMode] : common
  }

  /// Nothing.
  public var childEnvironment: [String: String] { [:] }

  /// The parts of a study that may run in parallel with one of this back end.
  var concurrency: StudyPart.Concurrency { isThreadSafe ? .any : .perBackend }

  /// There is none.
  public var reader32: Reader32.Program? { nil }

  /// The first event is as the others.
  public var firstEventSurplus: Int { 0 }

  /// Nothing of it is shared.
  public var isThreadSafe: Bool { true }

  /// Returns the claim's `notModelled` for a model, "this back end has no probe for it" otherwise.
  public func whyNotProbed(_ claim: Claim) -> String {
    isLive ? "this back end has no probe for it" : claim.notModelled ?? "the model has no probe"
  }

  /// A live back end has no schedules.
  public func checkAgainstItself(schedules: Int) -> [ModelCheckResult] { [] }

  /// None are made.
  public func crossCheckSeconds(_ profile: Profile) -> Double { 0 }

  /// A model has no other readers.
  public func crossChecks(
    _ mode: RingMode, _ profile: Profile, seed: UInt64
  ) throws(SourceError) -> [CrossCheckResult] { [] }

  /// A model's memory and calls are this program's own.
  public func withCountedReader<Visitor: AccessCountsVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {}
}

/// Something that reads one ring buffer while its producer writes.
///
/// A protocol and not a closure, since the type of the source differs from back end to back end.
public protocol RingVisitor {
  /// Uses a ring buffer.
  /// - Throws: ``SourceError`` where a call fails.
  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError)
}

/// The names of the calls of the operations of the protocol, short enough for a report.
public struct CallNames: Sendable, Equatable {
  /// The call of acquire.
  public var acquire: String
  /// The call of acquire on an empty ring buffer.
  public var acquireOfNothing: String
  /// The call of release; `nil` if the ABI has no such call.
  public var release: String?
  /// The call of wait on an empty ring buffer.
  public var wait: String
  /// The call of flush; `nil` if the ABI has no such call.
  public var flush: String?

  /// The names of the calls.
  public init(acquire: String, acquireOfNothing: String, release: String?, wait: String, flush: String?) {
    self.acquire = acquire
    self.acquireOfNothing = acquireOfNothing
    self.release = release
    self.wait = wait
    self.flush = flush
  }
}

/// The properties that an ABI reports about itself.
public struct BackendFacts: Sendable {
  /// The software and its version: "LTTng-UST 2.13.5"; `nil` for a model.
  public var version: String?
  /// Versions and sizes.
  public var observations: [Observation]
  /// The ABI's capabilities beyond the protocol.
  public var capabilities: Capabilities

  /// Puts both together.
  public init(version: String? = nil, observations: [Observation], capabilities: Capabilities) {
    self.version = version
    self.observations = observations
    self.capabilities = capabilities
  }
}

/// The availability of a back end on this machine.
public enum Availability: Sendable, Equatable {
  /// It can.
  case available
  /// It cannot, with the reason and the command that would enable it.
  case unavailable(reason: String, remedy: String)
}

extension StudiedBackend {
  /// Tests whether the back end can run here: makes a ring buffer, reads it once, and removes it.
  /// - Throws: ``SourceError`` of kind `interrupted` only: a trial that a signal ended says nothing about the back end.
  public func availability() throws(SourceError) -> Availability {
    var reader = OneAcquire()
    let availability: Availability
    do {
      try withRing(RingConfiguration(mode: .discard, producerCPU: producerCPU), &reader)
      availability = .available
    } catch {
      availability = .unavailable(reason: error.reason, remedy: error.remedy)
    }
    try Interruption.check()
    return availability
  }
}

private struct OneAcquire: RingVisitor {
  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError) {
    _ = try source.acquire()
  }
}
