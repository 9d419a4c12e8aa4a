import ArgumentParser

/// `abi-compare vm`.
struct VMCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vm",
    abstract: "Run the study in a virtual machine whose kernel has both lttng-modules and tracefs.",
    discussion:
      "QEMU boots an image of Debian packages: a kernel, lttng-modules built for it, "
      + "busybox and this program. The image is cached after the first build; later runs need no network.",
    subcommands: [
      VMRunCommand.self, VMProbeCommand.self, VMBuildCommand.self, VMListCommand.self, VMStatusCommand.self,
      VMCleanCommand.self,
    ],
    defaultSubcommand: VMRunCommand.self)
}
