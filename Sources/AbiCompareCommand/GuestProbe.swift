import Foundation
import Study
import SubbufferSource
import VirtualMachine

/// A probe made in a virtual machine that is booted for it alone.
struct GuestProbe {
  /// The probe, of a back end of this program's catalogue.
  let probe: Probe
  let backend: any StudiedBackend

  /// The CPU of the producer in a guest, which has two; the reader's is the other.
  static let producerCPU = 1

  /// The probes of the catalogue that need a boot of their own, on back ends.
  static func all(on names: [String]) throws -> [GuestProbe] {
    try Backends.named(names, producerCPU: producerCPU).flatMap { backend in
      backend.probes.filter { $0.boot != nil }.map { GuestProbe(probe: $0, backend: backend) }
    }
  }

  /// The task of the guest: this program makes the observations of one probe, and writes them to the standard output.
  var task: GuestTask {
    // The guest's script is its first process.
    GuestTask(
      ofThisProgram: ChildOfRun.arguments("observe", backend, parent: 1, "--claim", probe.claim.id), output: .lines)
  }

  /// Boots a machine, makes the probe, and judges what was observed.
  ///
  /// The end of the kernel is an observation. The probe failed if the kernel runs on and the probe's process did not finish.
  /// - Throws: ``SourceError`` where the machine does not come to the probe.
  func callAsFunction(
    _ image: Image, _ options: VMGuestOptions, _ progress: ProgressLine
  ) throws(SourceError) -> ProbeResult {
    let lines = ProbeLines()
    let machine = options.machine(image, progress) { lines.add($0) }
    progress.showStep("probe \(probe.claim.id) on \(backend.name), in a boot of its own")
    let ending = try machine.observe(task, for: probe.claim.id, parameters: probe.boot?.parameters ?? [])
    guard let expectation = probe.claim.expectation(of: backend.abis) else {
      return ProbeResult(probe.claim, nil, backend: backend.name, notTested: "no expectation of this ABI")
    }
    var result = ProbeResult(probe.claim, expectation, backend: backend.name, lines.observed(ending))
    result.kernelLog = lines.log
    return result
  }
}

/// The lines of a probe's process in a guest, as they come.
private final class ProbeLines {
  private var evidence: [Observation] = []
  private(set) var log: KernelLogExcerpt?
  private var failure: String?
  private var isEnded = false

  func add(_ line: String) {
    switch ProbeLine(line) {
    case .observation(let observation): evidence.append(observation)
    case .kernelLog(let log): self.log = log
    case .failure(let reason): failure = reason
    case .end: isEnded = true
    case nil: failure = "its process wrote an unknown line: “\(line)”"
    }
  }

  func observed(_ ending: GuestEnding) -> ProbeObservations {
    switch ending {
    case .programEnded(let status):
      evidence.append(Observation(ProbeBoot.kernelObservation, ProbeBoot.kernelRuns))
      if !isEnded, failure == nil { failure = "its process did not finish: exit status \(status)" }
      return ProbeObservations(evidence: evidence, failure: failure)
    case .kernelEnded(let firstError, let error):
      evidence.append(Observation(ProbeBoot.kernelObservation, "ended: \(firstError ?? error.detail)"))
      return ProbeObservations(evidence: evidence, failure: failure)
    }
  }
}
