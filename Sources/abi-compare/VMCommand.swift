import ArgumentParser

/// `abi-compare vm`.
struct VMCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vm",
    abstract: "Make the study in a virtual machine whose kernel has lttng-modules beside tracefs.",
    discussion:
      "The machine is booted by QEMU from an image of Debian's packages: a kernel, lttng-modules built for it, "
      + "busybox and this program. The image is built once and kept; from then on no network is needed.",
    subcommands: [VMRunCommand.self, VMBuildCommand.self, VMStatusCommand.self, VMCleanCommand.self],
    defaultSubcommand: VMRunCommand.self)
}
