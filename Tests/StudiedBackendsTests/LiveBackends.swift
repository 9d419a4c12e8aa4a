import Foundation
import StudiedBackends
import Study
import Testing
import Workload

/// The back ends that the clauses are tried on.
enum LiveBackends {
  static let cpu = CPUPlacement.choose().producer

  static let all: [any StudiedBackend] = [TracefsStudy(producerCPU: cpu), LTTngUSTStudy(producerCPU: cpu)]

  static let names = all.map(\.name)

  /// The models, which run everywhere.
  static let models: [any StudiedBackend] = [
    KernelModelStudy.asMerged(producerCPU: cpu), KernelModelStudy.asPostedInV11(producerCPU: cpu),
    LTTngModelStudy(producerCPU: cpu),
  ]

  static let namesWithModels = names + models.map(\.name)

  /// The back end by a name; `nil` where it cannot run here and `ABI_COMPARE_ALLOW_SKIP=1` allows that. A back end that
  /// is skipped without that is a failure.
  static func available(_ name: String) throws -> (any StudiedBackend)? {
    let backend = try #require((all + models).first { $0.name == name })
    guard case .unavailable(let reason, let remedy) = try backend.availability() else { return backend }
    if ProcessInfo.processInfo.environment["ABI_COMPARE_ALLOW_SKIP"] == "1" {
      print("SKIPPED: \(name): \(reason)")
      return nil
    }
    Issue.record("the live back end \(name) cannot run: \(reason); \(remedy); or set ABI_COMPARE_ALLOW_SKIP=1")
    return nil
  }
}

/// The tests that make ring buffers, one after the other: they share CPUs and the kernel's tracefs.
@Suite(.serialized) struct LiveTests {}
