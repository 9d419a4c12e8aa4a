import Foundation
import Glibc
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

/// The executor of the guest's instructions.
package enum Accelerator: String, Sendable, CaseIterable {
  /// The host's CPU.
  case kvm
  /// QEMU itself, an instruction after the other: the guest's clocks count them.
  case tcg

  /// Options of QEMU.
  ///
  /// With TCG: one thread takes turns with both CPUs, since QEMU 7.2 is not dependable with more; `-icount shift=0` has an
  /// instruction take a nanosecond of the guest's time, and `sleep=off` has idle time pass at once
  /// (docs/devel/tcg-icount.rst of QEMU). A `rep movsb` counts as one instruction for each byte, so kernel and libraries are
  /// not told that it is fast; and tables of five levels of pages take longer to walk.
  var options: [String] {
    switch self {
    case .kvm: ["-accel", "kvm", "-cpu", "host"]
    case .tcg: ["-accel", "tcg,thread=single", "-cpu", "max,-erms,-fsrm,-la57", "-icount", "shift=0,sleep=off"]
    }
  }

  /// Parameters of the guest's kernel. QEMU's emulation of `cmpxchg16b` is not to be used: the kernel panics now and then
  /// with it, and programs that look for it with cpuid must still find it. QEMU keeps what it has translated by its address:
  /// where that changes with each process (`randomize_va_space`), a third of the time goes into translating anew.
  var parameters: [String] {
    let both = ["console=ttyS0", "panic=-1", "quiet", "log_buf_len=4M", "reboot=t", "nokaslr"]
    let emulated = ["mitigations=off", "norandmaps", "no_timer_check", "tsc=reliable", "clearcpuid=cx16"]
    return self == .kvm ? both : both + emulated
  }

  /// For a report.
  var text: String {
    switch self {
    case .kvm: "KVM"
    case .tcg: "TCG: QEMU emulates the CPUs, which take turns (thread=single)"
    }
  }

  /// The definition of a nanosecond in the guest; `nil` if it is the host's.
  var time: String? {
    switch self {
    case .kvm: nil
    case .tcg:
      "one instruction, of both CPUs together (QEMU -icount shift=0,sleep=off): the nanoseconds in this report are numbers "
        + "of instructions. They do not include caches, memory, branches and the costs of single instructions, so a ratio "
        + "of counts is not a ratio of times. The CPUs take turns: nothing runs in parallel"
    }
  }

  /// The accelerator used here, for a message.
  package static var here: String {
    hasKVM ? "KVM where the image boots with it, else TCG" : "TCG: there is no KVM here"
  }

  /// `true` if this user may use KVM here, as far as can be seen without trying.
  static var hasKVM: Bool { access("/dev/kvm", R_OK | W_OK) == 0 }
}

/// The record of an image's boot with KVM: on some hosts no kernel boots with KVM. The result is kept next to the
/// image, for this QEMU on this host's kernel.
struct KVMTrial {
  private let path: String

  init(_ image: Image, qemu: String) {
    var name = utsname()
    uname(&name)
    let host = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let kept = "\(qemu)-on-\(host)".map { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" ? $0 : "_" }
    path = "\(image.directory)/kvm-\(String(kept.prefix(120)))"
  }

  /// The result of the trial; `nil` if there was none.
  var boots: Bool? { (try? HostFiles.text(path)).map { $0 == "boots\n" } }

  /// Keeps what came of it, where the cache can be written to.
  func keep(boots: Bool) {
    try? HostFiles.write(Data((boots ? "boots\n" : "does not boot\n").utf8), to: path)
  }
}
