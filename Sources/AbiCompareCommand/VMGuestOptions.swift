import ArgumentParser
import VirtualMachine

/// The options of a guest that runs.
struct VMGuestOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The accelerator: kvm or tcg. By default KVM if the image boots with it, else TCG.", valueName: "name")
  )
  var accel: Accelerator?

  @Option(help: ArgumentHelp("The name or path of QEMU.", valueName: "program"))
  var qemu = VirtualMachine.defaultQEMU

  @Option(help: ArgumentHelp("The longest time without output of the guest, in seconds.", valueName: "s"))
  var silence = GuestLimits().silence

  func validate() throws {
    if qemu.isEmpty { throw ValidationError("--qemu: the value is empty") }
    if silence < 1 { throw ValidationError("--silence: must be 1 or more") }
  }

  /// A machine of an image, with these options.
  /// - Parameter program: called with each line of the task's program.
  func machine(_ image: Image, _ progress: ProgressLine, program: @escaping (String) -> Void) -> VirtualMachine {
    var machine = VirtualMachine(
      image, step: { progress.showStep($0) }, complain: { complain($0) }, program: program)
    machine.accelerator = accel
    machine.qemu = qemu
    machine.limits.silence = silence
    return machine
  }

  /// The arguments that give the same options to another process.
  var arguments: [String] {
    (accel.map { ["--accel", $0.rawValue] } ?? []) + ["--qemu", qemu, "--silence", "\(silence)"]
  }
}

extension Accelerator: ExpressibleByArgument {}
