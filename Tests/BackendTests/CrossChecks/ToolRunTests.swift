import Platform
@testable import Study
import SubbufferSource
import Testing

@Suite struct ToolRunTests {
  @Test func givesTheLines() throws {
    #expect(try ToolRun.lines(of: "/bin/sh", ["-c", "echo a; echo b >&2; echo c"]) == ["a", "c"])
  }

  @Test func takesManyLines() throws {
    let lines = try ToolRun.lines(of: "/bin/sh", ["-c", "i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done"])
    #expect(lines.count == 20_000)
    #expect(lines.last == "19999")
  }

  @Test func aStatusOrASignalIsAnErrorWithWhatWasSaid() {
    let error = #expect(throws: SourceError.self) { try ToolRun.lines(of: "/bin/sh", ["-c", "echo no >&2; exit 3"]) }
    #expect(error?.detail == "it ended with exit status 3; its standard error: no")
    #expect(throws: SourceError.self) { try ToolRun.lines(of: "/bin/sh", ["-c", "kill -9 $$"]) }
    #expect(throws: Never.self) { try ToolRun.lines(of: "/bin/sh", ["-c", "exit 3"], statuses: [3]) }
  }

  @Test func itIsEndedWithWhatItStartedWhenItsTimeIsUp() {
    let error = #expect(throws: SourceError.self) {
      try ToolRun.lines(of: "/bin/sh", ["-c", "sleep 1000 & while :; do echo more; done"], within: 1)
    }
    #expect(error?.detail == "it did not finish within 1 s")
  }

  @Test func aProgramThatIsNotThereIsAnError() {
    #expect(throws: SourceError.self) { try ToolRun.lines(of: "/nonexistent", []) }
    #expect(InstalledTool("there-is-no-such-program") == nil)
  }
}
