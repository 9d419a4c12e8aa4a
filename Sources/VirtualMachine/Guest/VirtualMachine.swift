import Foundation
import Results
import Study
import SubbufferSource

/// Runs a task in a virtual machine that has both the kernel's ring buffers and those of lttng-modules, and brings out what
/// it made.
package struct VirtualMachine {
  /// The image that is booted.
  package var image: Image
  /// The accelerator; `nil` for KVM if the image boots with it, else TCG.
  package var accelerator: Accelerator?
  /// The name or the path of QEMU.
  package var qemu = VirtualMachine.defaultQEMU
  /// QEMU's name.
  package static let defaultQEMU = "qemu-system-x86_64"
  /// The limits on the time without output.
  package var limits = GuestLimits()
  /// Is told of each step.
  package var step: (String) -> Void
  /// Is told of what is to be read.
  package var complain: (String) -> Void
  /// Is told of what the task's program says, line by line.
  package var program: (String) -> Void

  /// Describes a machine.
  package init(
    _ image: Image, step: @escaping (String) -> Void, complain: @escaping (String) -> Void,
    program: @escaping (String) -> Void
  ) {
    self.image = image
    self.step = step
    self.complain = complain
    self.program = program
  }

  /// Throws if a machine cannot be booted here, as far as can be determined without booting one.
  /// - Returns: the version of QEMU.
  /// - Throws: ``SourceError`` where QEMU or the memory is missing.
  package static func check() throws(SourceError) -> String {
    let version = try QEMU(defaultQEMU).version
    try checkMemory()
    return version
  }

  /// Boots, runs the task, and powers off. A boot that fails is tried once more.
  /// - Parameters:
  ///   - task: what is run.
  ///   - place: the directory that takes the files that it made; what is there by their names is replaced.
  /// - Returns: the exit status of the task's program, and what was brought out.
  /// - Throws: ``SourceError`` with the step that failed. Nothing is left then but, in the directory, `console.log`, and
  ///   what the guest made, where that could not be brought out.
  package func run(_ task: GuestTask, resultsTo place: String) throws(SourceError) -> GuestResults {
    let qemu = try preparedQEMU()
    let files = try GuestFiles()
    do throws(SourceError) {
      switch try boot(task, qemu, files) {
      case .programEnded(let status):
        return GuestResults(status: status, files: try GuestResults.bringOut(files, to: place))
      case .kernelEnded(_, let error): throw error
      }
    } catch {
      if HostFiles.size(ofFile: files.console) > 0 {
        try? FileManager.default.removeItem(atPath: "\(place)/console.log")
        try? FileManager.default.copyItem(atPath: files.console, toPath: "\(place)/console.log")
      }
      throw error
    }
  }

  /// Boots a machine for one claim, runs the task, and powers off. The end of the kernel is a result, not an error.
  /// - Parameters:
  ///   - task: what is run; its lines go to ``program``.
  ///   - claim: the name of the claim, which the machine's facts contain: ``ProbeBoot/fact``.
  ///   - parameters: those of the kernel besides the accelerator's.
  /// - Throws: ``SourceError`` where the machine does not come to the task.
  package func observe(
    _ task: GuestTask, for claim: String, parameters: [String]
  ) throws(SourceError) -> GuestEnding {
    let qemu = try preparedQEMU()
    let facts = [Observation(ProbeBoot.fact, claim)]
    return try boot(task, qemu, GuestFiles(), facts: facts, parameters: parameters)
  }

  /// QEMU, where everything is there that a run needs: nothing is to be found missing when the guest is done.
  private func preparedQEMU() throws(SourceError) -> QEMU {
    let qemu = try QEMU(qemu)
    _ = try HostProgram.path("tar", package: "tar", step: "boot a virtual machine")
    try VirtualMachine.checkMemory()
    return qemu
  }

  /// Boots with the first accelerator that does it; a boot that fails is tried once more.
  private func boot(
    _ task: GuestTask, _ qemu: QEMU, _ files: GuestFiles, facts: [Observation] = [], parameters: [String] = []
  ) throws(SourceError) -> GuestEnding {
    let trial = KVMTrial(image, qemu: qemu.version)
    for accelerator in try attempts(trial) {
      try pack(task, accelerator, qemu, files, facts, parameters)
      step("boot Linux \(image.manifest.kernel) in QEMU \(qemu.version), \(accelerator.rawValue)")
      let run = GuestRun(
        qemu: qemu, accelerator: accelerator, kernel: image.kernel, parameters: parameters, files: files,
        limits: limits(for: accelerator), complain: complain, program: program)
      var ending = try run()
      if case .notBooted(let error) = ending {
        guard accelerator == .tcg || self.accelerator == .kvm else {
          complain("\(error.reason); continuing with TCG; --accel kvm tries KVM again")
          continue
        }
        // Once more, and then no more.
        complain("\(error.reason); booting again")
        step("boot once more")
        ending = try run()
      }
      switch ending {
      case .done(let status):
        keep(accelerator, trial)
        return .programEnded(status)
      case .endedEarly(let error, let firstError): return .kernelEnded(firstError, error)
      case .notBooted(var error):
        error.detail = "a second time: \(error.detail)"
        throw error
      }
    }
    throw SourceError(call: "boot a virtual machine", detail: "every accelerator failed")
  }

  /// Keeps which accelerator boots the image here.
  private func keep(_ accelerator: Accelerator, _ trial: KVMTrial) {
    // A boot with TCG shows that KVM was at fault, if it was tried. A cache that is not writable does no harm.
    if accelerator == .kvm || self.accelerator == nil && Accelerator.hasKVM { trial.keep(boots: accelerator == .kvm) }
  }

  /// Removes the directories that programs left which were killed.
  /// - Returns: their paths.
  package static func removeAbandoned() -> [String] { GuestFiles.removeAbandoned() }

  /// The accelerators to try, in order.
  private func attempts(_ trial: KVMTrial) throws(SourceError) -> [Accelerator] {
    if let accelerator {
      guard accelerator != .kvm || Accelerator.hasKVM else {
        throw SourceError(
          .unavailable, call: "boot a virtual machine with KVM", detail: "this user cannot open /dev/kvm",
          remedy: "use --accel tcg")
      }
      return [accelerator]
    }
    return Accelerator.hasKVM && trial.boots != false ? [.kvm, .tcg] : [.tcg]
  }

  /// A boot with KVM takes a second or two, and where it hangs that is soon to be known.
  private func limits(for accelerator: Accelerator) -> GuestLimits {
    var limits = limits
    if accelerator == .kvm { limits.boot = min(limits.boot, 20) }
    return limits
  }

  private func pack(
    _ task: GuestTask, _ accelerator: Accelerator, _ qemu: QEMU, _ files: GuestFiles, _ additional: [Observation],
    _ parameters: [String]
  ) throws(SourceError) {
    step("pack this program and its libraries")
    var facts =
      additional + [
        Observation("virtual machine", "QEMU \(qemu.version), q35, \(QEMU.cpus) CPUs, \(QEMU.memory >> 20) MiB"),
        Observation("accelerator", accelerator.text),
        Observation("kernel parameters", (accelerator.parameters + parameters).joined(separator: " ")),
        Observation("image", image.manifest.text),
        Observation(EnvironmentFact.host, HostFacts.text),
      ]
    if let time = accelerator.time { facts.append(Observation(EnvironmentFact.time, time)) }
    try InitialFileSystem(image: image, task: task, facts: facts).write(to: files.initialFileSystem)
  }

  /// The guest's memory and some for QEMU itself.
  private static func checkMemory() throws(SourceError) {
    guard let available = HostFacts.availableMemory, available < QEMU.memory + QEMU.memory / 4 else { return }
    throw SourceError(
      call: "boot a virtual machine", errno: .noMemory, detail: "\(available >> 20) MiB are available",
      remedy: "\((QEMU.memory + QEMU.memory / 4) >> 20) MiB are needed; free some memory")
  }
}

/// The end of a guest that came to its task.
package enum GuestEnding: Sendable {
  /// The program ended with this exit status, and the kernel ran on.
  case programEnded(Int32)
  /// The kernel ended or fell silent before the program did: its first error, if it printed one, and the description.
  case kernelEnded(String?, SourceError)
}

/// The output of a guest's console, for a message.
struct ConsoleText {
  private let lines: [String]

  /// The console's lines.
  init(_ lines: [String]) {
    self.lines = lines
  }

  /// The first error that the kernel printed, if any, and the last lines.
  var text: String {
    guard !lines.isEmpty else { return "the console is empty" }
    let last = "the console's last lines: \(lines.suffix(8).joined(separator: "; "))"
    // A kernel that panics fills the end with the registers.
    guard let first = lines.dropLast(8).first(where: ConsoleText.isTrouble) else { return last }
    return "the console's first error: \(first); \(last)"
  }

  /// The first error that the kernel printed; `nil` if it printed none.
  var firstError: String? { lines.first(where: ConsoleText.isTrouble) }

  private static func isTrouble(_ line: String) -> Bool {
    ["Kernel panic", "BUG:", "Oops:", "general protection fault", "Out of memory:"].contains { line.contains($0) }
  }
}
