@testable import ReferenceModels
import Results
import Study
import Testing
import TracefsBackend

/// Probes of a ring buffer that is wrong on purpose: the model of the kernel's design over a defective memory.
@Suite struct FaultyRingTests {
  /// A defect, with the claims that must notice it.
  struct Fault: Sendable, CustomTestStringConvertible {
    var name: String
    var memory: MemoryFault
    var noticed: [String]

    var testDescription: String { name }
  }

  /// Nothing that is stored into a word gets there.
  private static func lost(_ words: Int...) -> MemoryFault {
    MemoryFault { word, old, new in words.contains(word) ? old : new }
  }

  static let faults = [
    Fault(
      name: "overrun is not counted", memory: lost(KernelLayout.overrun),
      noticed: ["overrun-against-truth", "flag-means-missed", "count-beside-the-gap", "lost-between-two-readers"]),
    Fault(
      name: "overrun of the meta page is not updated", memory: lost(KernelLayout.metaOverrun),
      noticed: ["overrun-against-truth", "stored-counts-sum-up"]),
    Fault(
      name: "read of the meta page is not updated", memory: lost(KernelLayout.metaRead),
      noticed: ["read-against-truth", "first-acquire-counts", "entries-that-can-be-read"]),
    Fault(name: "reader.id is not updated", memory: lost(KernelLayout.metaReaderID), noticed: ["first-acquire-counts"]),
    Fault(
      name: "reader.read is not updated", memory: lost(KernelLayout.metaReaderRead),
      noticed: ["every-event-once", "look-ahead", "discard-capacity", "readers-take-turns"]),
    Fault(
      name: "entries of the meta page is one too large",
      memory: MemoryFault { word, _, new in word == KernelLayout.metaEntries ? new + 1 : new },
      noticed: ["first-acquire-counts", "entries-that-can-be-read"]),
    Fault(
      name: "the missed-events flags are not set",
      memory: MemoryFault { _, old, new in
        let flags = ~UInt64(1 << 30 - 1)
        return old != new && old & ~flags == new & ~flags && new & 3 << 30 != 0 && old & flags == 0 ? old : new
      }, noticed: ["flag-means-missed", "loss-between-acquires", "lost-between-two-readers"]),
    Fault(
      name: "dropped events are not counted", memory: lost(KernelLayout.droppedEvents),
      noticed: ["received-plus-discarded"]),
    Fault(
      name: "the number of lost events is not kept", memory: lost(KernelLayout.lostEvents),
      noticed: ["stored-counts-sum-up", "count-beside-the-gap"]),
    Fault(
      name: "dropped events are counted twice",
      memory: MemoryFault { word, old, new in
        word == KernelLayout.droppedEvents && new > old ? new + (new - old) : new
      }, noticed: ["received-plus-discarded"]),
    Fault(
      name: "lost events of the meta page are written",
      memory: MemoryFault { word, _, new in
        word == KernelLayout.metaReaderLostEvents ? 7 : new
      }, noticed: ["lost-events-stale"]),
    Fault(
      name: "the number of read events is not counted", memory: lost(KernelLayout.read),
      noticed: ["read-against-truth", "first-acquire-counts"]),
  ]

  @Test(arguments: faults) func `the claims about it notice a defect, and hold without it`(_ fault: Fault) throws {
    let sound = KernelModelStudy.asMerged(producerCPU: 0)
    var faulty = sound
    faulty.fault = fault.memory
    for id in fault.noticed {
      let before = try result(of: id, on: sound)
      #expect(before.outcome == .asDocumented || before.outcome == .asAssumed, "\(id): \(before.reason ?? "")")
      let after = try result(of: id, on: faulty)
      #expect(
        after.outcome == .contradicts || after.outcome == .notAsAssumed,
        "\(id): \(after.outcome.rawValue), \(after.answer ?? after.reason ?? "")")
    }
  }

  private func result(of id: String, on backend: KernelModelStudy) throws -> ProbeResult {
    let probe = try #require(backend.probes.first { $0.claim.id == id })
    let expectation = try #require(probe.claim.expectation(of: backend.abis))
    let record = ProbeRecord(probe.claim, expectation, backend: backend.name, ProbeObservations(probe))
    return ProbeResult(judging: record, by: probe.claim, abis: backend.abis)
  }
}
