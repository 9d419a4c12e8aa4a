import Glibc

/// The executor of the guest's instructions.
public enum Accelerator: String, Sendable, CaseIterable {
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
  public static var here: String {
    hasKVM ? "KVM where the image boots with it, else TCG" : "TCG: there is no KVM here"
  }

  /// `true` if this user may use KVM here, as far as can be seen without trying.
  static var hasKVM: Bool { access("/dev/kvm", R_OK | W_OK) == 0 }
}
