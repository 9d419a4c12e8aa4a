import Foundation
import StudiedBackends
import Study
import Testing
import Workload

/// The back ends that the clauses are tried on.
enum LiveBackends {
  static let cpu = CPUPlacement.choose().producer

  /// lttng-modules can run only where its modules are loaded, which is in the virtual machine; here it is skipped.
  static let all: [any StudiedBackend] = [
    TracefsStudy(producerCPU: cpu), LTTngModulesStudy(producerCPU: cpu), LTTngUSTStudy(producerCPU: cpu),
  ]

  static let names = all.map(\.name)

  /// The models, which run everywhere.
  static let models: [any StudiedBackend] = [
    KernelModelStudy.asMerged(producerCPU: cpu), KernelModelStudy.asPostedInV11(producerCPU: cpu),
    LTTngModelStudy(producerCPU: cpu),
  ]

  static let namesWithModels = names + models.map(\.name)

  /// Returns the back end by its name, or ends the test: as skipped where `ABI_COMPARE_ALLOW_SKIP=1` allows that and for
  /// lttng-modules without its modules, else as failed.
  static func available(_ name: String) throws -> any StudiedBackend {
    let backend = try #require((all + models).first { $0.name == name })
    guard case .unavailable(let reason, let remedy) = try backend.availability() else { return backend }
    let isOnlyInGuest = name == "lttng-modules" && access("/proc/lttng", F_OK) != 0
    try Missing("the live back end \(name) cannot run: \(reason)", remedy, maySkip: isOnlyInGuest).skipOrFail()
  }
}

/// Something that this machine lacks and a test needs.
struct Missing: Error, CustomStringConvertible {
  private let reason: String
  private let remedy: String
  private let maySkip: Bool

  /// - Parameter maySkip: whether the test may be skipped without `ABI_COMPARE_ALLOW_SKIP=1`.
  init(_ reason: String, _ remedy: String, maySkip: Bool = false) {
    self.reason = reason
    self.remedy = remedy
    self.maySkip = maySkip || ProcessInfo.processInfo.environment["ABI_COMPARE_ALLOW_SKIP"] == "1"
  }

  var description: String { "\(reason); \(remedy); or set ABI_COMPARE_ALLOW_SKIP=1" }

  /// Ends the test, or the case of its arguments: as skipped where it may be, else as failed.
  func skipOrFail() throws -> Never {
    guard maySkip else { throw self }
    // The log does not show that a case of a test's arguments was cancelled; it shows a warning.
    Issue.record("skipped: \(reason)", severity: .warning)
    try Test.cancel("\(reason)")
  }
}

/// The tests that make ring buffers, one after the other: they share CPUs and the kernel's tracefs.
@Suite(.serialized) struct LiveTests {}
