import BackendList
import Foundation
import Platform
import Study
import Testing

/// The back ends under test.
enum LiveBackends {
  static let cpu = CPUPlacement.choose().producer

  /// lttng-modules needs its kernel modules, which only the virtual machine loads; elsewhere it is skipped.
  static let all = BackendList.set.all(producerCPU: cpu).filter(\.isLive)

  static let names = all.map(\.name)

  /// The models, which run everywhere.
  static let models = BackendList.set.all(producerCPU: cpu).filter { !$0.isLive }

  static let namesWithModels = names + models.map(\.name)

  /// Returns the back end with the given name, or ends the test: as skipped if `ABI_COMPARE_ALLOW_SKIP=1` is set or if
  /// the modules of lttng-modules are missing, else as failed.
  static func available(_ name: String) throws -> any StudiedBackend {
    let backend = try #require((all + models).first { $0.name == name })
    guard case .unavailable(let reason, let remedy) = try backend.availability() else { return backend }
    let isOnlyInGuest = name == "lttng-modules" && access("/proc/lttng", F_OK) != 0
    try Missing("the live back end \(name) cannot run: \(reason)", remedy, maySkip: isOnlyInGuest).skipOrFail()
  }
}

/// A requirement of a test that this machine does not meet.
struct Missing: Error, CustomStringConvertible {
  private let reason: String
  private let remedy: String
  private let maySkip: Bool

  /// - Parameter maySkip: `true` if the test may be skipped without `ABI_COMPARE_ALLOW_SKIP=1`.
  init(_ reason: String, _ remedy: String, maySkip: Bool = false) {
    self.reason = reason
    self.remedy = remedy
    self.maySkip = maySkip || ProcessInfo.processInfo.environment["ABI_COMPARE_ALLOW_SKIP"] == "1"
  }

  var description: String { "\(reason); \(remedy); or set ABI_COMPARE_ALLOW_SKIP=1" }

  /// Ends the test, or the case of its arguments: as skipped if permitted, else as failed.
  func skipOrFail() throws -> Never {
    guard maySkip else { throw self }
    // The log shows the warning, but not that a case of a test's arguments was cancelled.
    Issue.record("skipped: \(reason)", severity: .warning)
    try Test.cancel("\(reason)")
  }
}

/// Tests that create ring buffers; they run one after the other, because they share CPUs and the kernel's tracefs.
@Suite(.serialized) struct LiveTests {}
