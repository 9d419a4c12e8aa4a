import Foundation
import Testing

extension ToolTests {
  /// Probes in an environment that refuses the call under test.
  @Suite(.timeLimit(.minutes(10))) struct ControlTests {
    /// A call that can be refused to the program.
    enum Refused: String, CaseIterable {
      case timer, readAsDebugger, writeAsDebugger, splice, growMapping

      /// The command that runs another one with this call refused.
      var command: [String] {
        switch self {
        case .timer: ["prlimit", "--sigpending=0"]
        case .readAsDebugger: Self.refusing(310)
        case .writeAsDebugger: Self.refusing(311)
        case .splice: Self.refusing(275)
        case .growMapping: Self.refusing(25)
        }
      }

      /// The claims that depend on the call, and their back ends.
      var probes: [(claim: String, backend: String)] {
        switch self {
        case .timer: [("switch-timer", "lttng-ust")]
        case .readAsDebugger: [("debugger-reads-mapping", "lttng-ust"), ("debugger-reads-mapping", "tracefs")]
        case .writeAsDebugger: [("reader-cannot-store", "lttng-ust"), ("reader-cannot-store", "tracefs")]
        case .splice: [("refused-splice-moves-no-mark", "tracefs")]
        case .growMapping: [("mapping-stays-as-accepted", "tracefs")]
        }
      }

      /// Returns a command whose seccomp filter makes one system call of x86-64 fail with EPERM: the filter loads and
      /// compares the number, and returns one of two values (seccomp(2), SECCOMP_RET_ERRNO and SECCOMP_RET_ALLOW).
      private static func refusing(_ number: Int) -> [String] {
        let script = """
          my $number = shift;
          my $filter = pack("SCCL" x 4,
            0x20, 0, 0, 0,  0x15, 0, 1, $number,  0x06, 0, 0, 0x50001,  0x06, 0, 0, 0x7fff0000);
          syscall(157, 38, 1, 0, 0, 0) == 0 && syscall(157, 22, 2, pack("Sx6P", 4, $filter)) == 0 or die "prctl: $!";
          exec @ARGV;
          """
        return ["perl", "-e", script, String(number)]
      }
    }

    private static let refusal = "reason: mark “the control worked; else the environment refuses the call” not reached"

    #if arch(x86_64)
      @Test(arguments: Refused.allCases) func `what the environment refuses is no verdict`(_ refused: Refused) throws {
        try Tool.requireTracefs()
        for (claim, backend) in refused.probes {
          let outcome = try Tool.run("probe", claim, "--backend", backend, prefix: refused.command)
          #expect(outcome.status == 0, "\(outcome.errors)")
          #expect(outcome.output.contains(Self.refusal), "\(outcome.output)")
        }
      }
    #endif

    @Test func `the controls work where nothing is refused`() throws {
      try Tool.requireTracefs()
      for (claim, backend) in Refused.allCases.flatMap(\.probes) {
        let outcome = try Tool.run("probe", claim, "--backend", backend)
        #expect(outcome.output.contains("observed: control: "), "\(outcome.output)")
        #expect(!outcome.output.contains(Self.refusal), "\(outcome.output)")
      }
    }
  }
}
