import Foundation
import SubbufferSource
import Testing
@testable import TracefsABI

/// A FIFO without a writer represents a file whose open does not return.
@Suite struct TracefsAnswerTests {
  private func withFIFO(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "fifo-\(UUID().uuidString)").path
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    try body(path)
  }

  @Test func `an open that does not return is an error after the limit`() throws {
    try withFIFO { fifo in
      let begin = ContinuousClock.now
      let error = #expect(throws: SourceError.self) { try TracefsAnswer.ask([fifo], of: "/tracing", within: 1_000) }
      #expect(begin.duration(to: .now) < .seconds(8))
      #expect(error?.kind == .unavailable)
      #expect(error?.reason.hasSuffix("tracefs does not answer within 1 s") == true)
      #expect(error?.remedy.contains("reboot") == true)
    }
  }

  @Test func `files that can be read or refused are an answer`() throws {
    try TracefsAnswer.ask(["/proc/self/stat", "/nowhere", "/"], of: "/tracing", within: 10_000)
  }

  /// A child that has ended and was not waited for makes every later exit test of this process hang.
  @Test func `a process that gets no answer is killed and waited for`() async {
    await #expect(processExitsWith: .success) {
      let fifo = "/tmp/abi-compare-answer-\(getpid())"
      try #require(mkfifo(fifo, 0o600) == 0)
      defer { unlink(fifo) }
      #expect(throws: SourceError.self) { try TracefsAnswer.ask([fifo], of: "/tracing", within: 100) }
      var child = siginfo_t()
      #expect(waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT) == -1)
      #expect(errno == ECHILD)
    }
  }
}
