import Glibc
import Platform
import SubbufferSource
import SystemPackage
import Testing
@testable import VirtualMachine

@Suite struct ParallelProgramsTests {
  /// Each program waits until as many run at a time as are allowed, so that fewer would never end.
  @Test func `Programs run at a time, each to its end, and their lines are told apart`() throws {
    let directory = try TestDirectory()
    let meet = """
      echo "$0 on standard error" >&2; : > \(directory.path)/$0; \
      while [ $(ls \(directory.path) | wc -l) -lt 2 ]; do sleep 0.01; done; exit $1
      """
    let programs = (0..<3).map { number in
      ParallelPrograms.Program(
        name: "\(number)", executable: "/bin/sh", arguments: ["-c", meet, "p\(number)", "\(number)"])
    }
    var (lines, endings): ([String], [String: PipedProcess.Ending]) = ([], [:])
    let runs = ParallelPrograms(programs, atATime: 2) {
      lines.append("\($0.name): \($1)")
    } ended: {
      endings[$0.name] = $1
    }
    try runs { Issue.record("\($0.name): \($1)") }
    #expect(endings == ["0": .status(0), "1": .status(1), "2": .status(2)])
    #expect(lines.sorted() == ["0: p0 on standard error", "1: p1 on standard error", "2: p2 on standard error"])
  }

  @Test func `A program that does not start is reported, and the others go on`() throws {
    var (failed, endings): ([String: Errno?], [String: PipedProcess.Ending]) = ([:], [:])
    let programs = ["/no/such", "/bin/true"].map { ParallelPrograms.Program(name: $0, executable: $0, arguments: []) }
    try ParallelPrograms(programs, atATime: 1) { _, _ in
    } ended: {
      endings[$0.name] = $1
    } { failed[$0.name] = $1.errno }
    #expect(failed == ["/no/such": .noSuchFileOrDirectory])
    #expect(endings == ["/bin/true": .status(0)])
  }
}
