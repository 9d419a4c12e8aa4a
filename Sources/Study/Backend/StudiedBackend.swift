import SubbufferSource
import Workload

/// A ring buffer that the study can be made on: how it is opened, and who writes into it.
public protocol StudiedBackend: Sendable {
  /// The name by which it is asked for: `tracefs`.
  var name: String { get }
  /// What it is, in a few words.
  var title: String { get }
  /// Whether it is the real ABI, or a model of one.
  var isLive: Bool { get }
  /// The live back end that this is a model of, by its name; `nil` for a live one.
  var modelOf: String? { get }
  /// The ABIs that it is one of, the most specific first.
  var abis: [ABI] { get }
  /// The CPU to which its producers are pinned.
  var producerCPU: Int { get }
  /// The calls that the operations of the protocol are, for a report.
  var calls: CallNames { get }
  /// The other ways of reading its ring buffers, which the reader ABI is held against.
  var baselines: [Baseline] { get }
  /// Whether several of its ring buffers may be used at a time by threads of one process.
  var isThreadSafe: Bool { get }
  /// The semantic probes on this back end.
  var probes: [Probe] { get }
  /// What the environment of a process that makes a probe gets besides this one's: what was measured here already.
  var childEnvironment: [String: String] { get }
  /// Why there is no probe of a claim that is not in ``probes``.
  func whyNotProbed(_ claim: Claim) -> String

  /// How many bytes of a sub-buffer its header takes.
  var headerSize: Int { get }

  /// How many bytes of a sub-buffer an event of the workload takes, its header included, where no time extension is
  /// needed.
  /// - Parameter payload: the bytes beside the sequence number and its length word.
  func eventSize(payload: UInt32) -> Int

  /// How many bytes more the first event that is written into a ring buffer takes.
  var firstEventSurplus: Int { get }

  /// The largest payload that its producer can write where a sub-buffer has room for the event, in bytes.
  var largestPayload: Int { get }

  /// Versions and sizes that the ABI itself tells.
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

  /// How its source finds out what was lost, in each mode.
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
    _ mode: RingConfiguration.Mode, _ profile: Profile, seed: UInt64
  ) throws(SourceError) -> [CrossCheckResult]

  /// What the cross-checks of one mode take, in seconds; for an estimate of the time.
  func crossCheckSeconds(_ profile: Profile) -> Double

  /// Makes a ring buffer for each way of reading it, and lets the visitor count what a reader touches; a model has none.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  func withReaderSurface<Visitor: SurfaceVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError)

  /// Holds a model against itself: runs its steps in interleavings drawn from consecutive seeds, the first of them 0.
  /// - Returns: one result for each mode; none of a live back end.
  func checkAgainstItself(schedules: Int) -> [ModelCheckResult]

  /// Makes one round of reading at the one-to-one layer and writes down each call.
  /// - Throws: ``SourceError`` where a call fails.
  func recordOperations() throws(SourceError) -> [OperationRecord]
}

extension StudiedBackend {
  /// Nothing.
  public var childEnvironment: [String: String] { [:] }

  /// Beside which parts of a study one of this back end is made, where it may be made in company.
  var company: StudyPart.Company { isThreadSafe ? .any : .others }

  /// The first event is as the others.
  public var firstEventSurplus: Int { 0 }

  /// Nothing of it is shared.
  public var isThreadSafe: Bool { true }

  /// Of a model what the claim says; of a live back end nothing is known.
  public func whyNotProbed(_ claim: Claim) -> String {
    isLive ? "there is no probe" : claim.notModelled ?? "the model has no probe"
  }

  /// A live back end has no schedules.
  public func checkAgainstItself(schedules: Int) -> [ModelCheckResult] { [] }

  /// None are made.
  public func crossCheckSeconds(_ profile: Profile) -> Double { 0 }

  /// Nobody else reads a model.
  public func crossChecks(
    _ mode: RingConfiguration.Mode, _ profile: Profile, seed: UInt64
  ) throws(SourceError) -> [CrossCheckResult] { [] }

  /// A model's memory and calls are this program's own.
  public func withReaderSurface<Visitor: SurfaceVisitor>(
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

/// The names of the calls behind the operations of the protocol, as a report has room for them.
public struct CallNames: Sendable, Equatable {
  /// What acquire calls.
  public var acquire: String
  /// What acquire calls where there is nothing to read.
  public var acquireOfNothing: String
  /// What release calls; `nil` where the ABI has no such call.
  public var release: String?
  /// What wait calls where there is nothing to read.
  public var wait: String
  /// What flush calls; `nil` where the ABI has no such call.
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

/// What an ABI tells about itself.
public struct BackendFacts: Sendable {
  /// The software and its version: "LTTng-UST 2.13.5"; `nil` for a model.
  public var version: String?
  /// Versions and sizes.
  public var observations: [Observation]
  /// What it offers beyond the protocol.
  public var capabilities: Capabilities

  /// Puts both together.
  public init(version: String? = nil, observations: [Observation], capabilities: Capabilities) {
    self.version = version
    self.observations = observations
    self.capabilities = capabilities
  }
}
