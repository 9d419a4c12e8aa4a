import Foundation
import SubbufferSource

/// The program that is the virtual machine.
struct QEMU {
  /// Its path.
  let path: String
  /// Its version, as it names it: `7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)`.
  let version: String
  /// The path of setpriv(1), which has the kernel end it when this program is killed.
  private let setpriv: String

  /// The machine: its CPUs and memory.
  static let cpus = 2
  static let memory = 1 << 30

  /// Looks for it.
  /// - Parameter program: its name or path.
  /// - Throws: ``SourceError`` of kind `unavailable` where it is not installed, or does not run.
  init(_ program: String) throws(SourceError) {
    let step = "boot a virtual machine"
    path = try HostProgram.path(program, package: "qemu-system-x86", step: step)
    setpriv = try HostProgram.path("setpriv", package: "util-linux", step: step)
    let lines = try HostProgram(
      step: step, name: path, arguments: ["--version"], remedy: "apt-get install qemu-system-x86",
      package: "qemu-system-x86"
    ).lines(within: 30)
    let words = (lines.first ?? "").split(separator: " ")
    version = words.firstIndex(of: "version").map { words[($0 + 1)...].joined(separator: " ") } ?? "unknown"
  }

  /// The command that boots a guest whose port `progress` is the standard output.
  /// - Parameter parameters: those of the guest's kernel besides the accelerator's.
  func command(
    _ accelerator: Accelerator, kernel: String, parameters: [String], files: GuestFiles
  ) -> (executable: String, arguments: [String]) {
    var arguments = ["-machine", "q35"] + accelerator.options
    arguments += ["-smp", "\(QEMU.cpus)", "-m", "\(QEMU.memory >> 20)M", "-nodefaults", "-no-user-config"]
    arguments += ["-display", "none", "-no-reboot", "-serial", "file:\(files.console)"]
    arguments += ["-kernel", kernel, "-initrd", files.initialFileSystem]
    arguments += ["-append", (accelerator.parameters + parameters).joined(separator: " ")]
    arguments += ["-device", "virtio-serial"]
    arguments += [
      "-chardev", "stdio,id=progress,signal=off", "-device", "virtserialport,chardev=progress,name=progress",
    ]
    // A comma would end the path.
    let results = files.results.replacing(",", with: ",,")
    arguments += [
      "-chardev", "file,id=results,path=\(results)", "-device", "virtserialport,chardev=results,name=results",
    ]
    return (setpriv, ["--pdeathsig", "KILL", path] + arguments)
  }
}
