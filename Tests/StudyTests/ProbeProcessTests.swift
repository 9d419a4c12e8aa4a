import Foundation
import Results
@testable import Study
import Testing

/// Probes whose process does not end as expected.
@Suite struct ProbeProcessTests {
  private func observe(_ script: String, limit: Int32 = 20_000) throws -> ProbeObservations {
    try ProbeProcess(executable: "/bin/sh", arguments: ["-c", script], limit: limit)()
  }

  private static let seen = #"echo '{"observation":{"_0":{"name":"seen","value":"3"}}}'; "#

  @Test func whatItObservesIsPassedOn() throws {
    let observed = try observe(Self.seen + #"echo '{"end":{}}'"#)
    #expect(observed == ProbeObservations(evidence: [Observation("seen", 3)]))
  }

  @Test func whatItSaysIsWhatAProbeSays() throws {
    let lines: [ProbeLine] = [.observation(Observation("a \"b\"\n", "c\\")), .end]
    let text = try lines.map { String(decoding: try $0.encoded(), as: UTF8.self) }.joined()
    let observed = try observe("cat <<'END'\n\(text)END")
    #expect(observed == ProbeObservations(evidence: [Observation("a \"b\"\n", "c\\")]))
  }

  @Test func aProbeThatHangsIsEndedAndKeepsWhatItSaw() throws {
    let observed = try observe(Self.seen + "exec sleep 1000", limit: 3_000)
    #expect(observed.evidence == [Observation("seen", 3)])
    #expect(observed.failure?.contains("killed at its time limit") == true)
  }

  @Test func `the time in which the parent was stopped does not count`() {
    var time = TimeAllowance(1_000)
    time.spend(time.nextStep, after: .seconds(35))
    #expect(time.left == .milliseconds(800))
    time.spend(time.nextStep, after: .milliseconds(50))
    #expect(time.left == .milliseconds(750))
    for _ in 0..<4 { time.spend(time.nextStep, after: .seconds(1)) }
    #expect(time.left == .zero)
  }

  @Test func aProbeThatCrashesKeepsWhatItSawAndSaysHow() throws {
    let observed = try observe(Self.seen + "echo broken >&2; kill -SEGV $$")
    #expect(observed.evidence == [Observation("seen", 3)])
    #expect(observed.failure?.contains("signal \(SIGSEGV)") == true)
    #expect(observed.failure?.contains("broken") == true)
  }

  @Test func aProbeThatFailsSaysWhy() throws {
    let observed = try observe(#"echo '{"failure":{"_0":"mmap: no memory"}}'"#)
    #expect(observed.failure == "mmap: no memory")
  }

  @Test func nonsenseIsAFailure() throws {
    #expect(try observe("echo nonsense").failure?.contains("nonsense") == true)
    #expect(try observe("exit 3").failure?.contains("exit status 3") == true)
  }

  @Test func aProgramThatIsNotThereIsAFailure() throws {
    let observed = try ProbeProcess(executable: "/nowhere/at/all", arguments: [])()
    #expect(observed.failure?.contains("/nowhere/at/all") == true)
  }

  /// A process that a probe started ends with the probe: the FIFO loses its last writer, and its reader gets POLLHUP.
  @Test func whatItStartedIsEndedWithIt() throws {
    let path = NSTemporaryDirectory() + "abi-compare-test-\(UUID().uuidString)"
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    try #require(reader >= 0)
    defer { close(reader) }
    let observed = try observe(#"exec 3> '\#(path)'; sleep 1000 & echo '{"end":{}}'; wait"#)
    #expect(observed.failure == nil)
    var request = pollfd(fd: reader, events: 0, revents: 0)
    #expect(poll(&request, 1, 20_000) == 1)
    #expect(Int32(request.revents) & POLLHUP != 0)
  }
}
