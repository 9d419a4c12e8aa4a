import Foundation
import Glibc
import Platform
import SubbufferSource
import Testing
@testable import VirtualMachine

/// The guest without QEMU: a script prints the lines of a guest, and keeps running where a guest would hang.
@Suite(.serialized) struct GuestTests {
  @Test func `Lines of the port`() {
    #expect(GuestSays("guest: booted\r") == .booted)
    #expect(GuestSays("guest: status 3") == .status(3))
    #expect(GuestSays("guest: done") == .done)
    #expect(GuestSays("guest: trouble: insmod x") == .trouble("insmod x"))
    #expect(GuestSays("guest: status many") == .program("guest: status many"))
    #expect(GuestSays("3 s  tracefs: probe") == .program("3 s  tracefs: probe"))
  }

  @Test func `Words of the shell`() {
    #expect(InitialFileSystem.quoted("a b") == "'a b'")
    #expect(InitialFileSystem.quoted("it's $x") == "'it'\\''s $x'")
  }

  @Test func `Libraries are at the paths that the loader names`() {
    let lines = [
      "\tlinux-vdso.so.1 (0x00007ffc)", "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)",
      "\t/lib64/ld-linux-x86-64.so.2 (0x00007f)", "\tlibx.so => not found",
    ]
    #expect(
      SharedLibraries.listed(lines) == ["/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2"])
  }

  @Test func `The last lines of a console`() throws {
    let directory = try TestDirectory()
    try Data("one\r\n\u{1B}[2Jtwo\n\n  three  \n".utf8).write(to: URL(fileURLWithPath: directory.file("console")))
    #expect(LastLines.of(directory.file("console"), 2) == "[2Jtwo; three")
    #expect(LastLines.of(directory.file("none"), 2) == "")
  }

  @Test func `What needs no library is packed without asking the loader`() throws {
    let directory = try TestDirectory()
    let reader = try directory.script("reader32", "exit 0")
    let image = try image(in: directory)
    let task = GuestTask(program: "/bin/true", companions: ["/no/such"], staticCompanions: [reader], arguments: [])
    try InitialFileSystem(image: image, task: task, facts: []).write(to: directory.file("initrd"))
    let entries = try NewcEntry.all(in: try Data(contentsOf: URL(fileURLWithPath: directory.file("initrd"))))
    let packed = entries.filter { $0.name.hasPrefix("opt/abi-compare/") }
    #expect(packed.map(\.name) == ["opt/abi-compare/true", "opt/abi-compare/reader32"])
    #expect(packed.allSatisfy { $0.mode == 0o100755 })
  }

  private func image(in directory: TestDirectory) throws -> Image {
    try ImageCache(path: directory.file("cache")).add { (place) throws(SourceError) in
      for name in ["kernel", "busybox"] { try HostFiles.write(Data([1]), to: "\(place)/\(name)") }
      return ImageManifest(kernel: "6.12", lttngModules: "2.13", compiler: "gcc", packages: [], modules: [], size: 0)
    }
  }

  /// Runs a script as the guest.
  /// - Parameter earlier: directories that exist in the directory of the results before the run.
  /// - Returns: the result, and the number of boots with the names in the directory of the results afterwards.
  private func run(
    _ script: String, boot: Int = 30, silence: Int = 30, earlier: [String] = []
  ) throws -> (Result<GuestResults, SourceError>, String) {
    try run(script, boot, silence, earlier) { (machine, task, place) throws(SourceError) in
      try machine.run(task, resultsTo: place)
    }
  }

  /// Runs a script as the guest that is booted for a claim.
  /// - Returns: the end of the guest, and the lines of its program.
  private func observe(_ script: String, silence: Int = 30) throws -> (GuestEnding, [String]) {
    var lines: [String] = []
    let (result, _) = try run(script, 30, silence, []) { (machine, task, _) throws(SourceError) in
      var machine = machine
      machine.program = { lines.append($0) }
      return try machine.observe(task, for: "claim", parameters: ["trace_instance=x"])
    }
    return (try result.get(), lines)
  }

  private func run<Value>(
    _ script: String, _ boot: Int, _ silence: Int, _ earlier: [String],
    _ body: (VirtualMachine, GuestTask, String) throws(SourceError) -> Value
  ) throws -> (Result<Value, SourceError>, String) {
    let directory = try TestDirectory()
    let paths = """
      for a in "$@"; do case $a in
        file:*) console=${a#file:};;
        file,id=results,path=*) results=${a#file,id=results,path=};;
      esac; done
      leave() { mkdir $results.d; for f; do echo hello > $results.d/$f; done; tar cf $results -C $results.d .; rm -r $results.d; }
      """
    let count = directory.file("boots")
    let fake = try directory.script(
      "qemu",
      "[ \"$1\" = --version ] && { echo 'QEMU emulator version 7.2.22 (fake)'; exit; }\n"
        + "echo x >> \(count)\n\(paths)\n\(script)")
    let image = try image(in: directory)
    var machine = VirtualMachine(image, step: { _ in }, complain: { _ in }, program: { _ in })
    machine.qemu = fake
    machine.accelerator = .tcg
    machine.limits.boot = boot
    machine.limits.silence = silence
    let task = GuestTask(program: "/bin/true", companions: [], arguments: [])
    try HostFiles.makeDirectory(directory.file("out"))
    for name in earlier { try HostFiles.makeDirectory(directory.file("out/\(name)")) }
    let ready = machine
    let result = Result { () throws(SourceError) in try body(ready, task, directory.file("out")) }
    let boots = LastLines.lines(of: count).count
    return (result, "\(boots) boots, \(HostFiles.names(in: directory.file("out")).joined(separator: " "))")
  }

  @Test func `A guest that does not boot is tried twice, and its console told`() throws {
    let (result, what) = try run("echo 'Kernel panic - not syncing' > $console; exec sleep 60", boot: 1)
    #expect(what == "2 boots, console.log")
    guard case .failure(let error) = result else {
      Issue.record("it booted")
      return
    }
    #expect(error.detail.contains("1 s") && error.detail.contains("Kernel panic - not syncing"))
    #expect(error.remedy.contains("end other programs first"))
  }

  /// Two processes spin on one CPU, one of them under SCHED_IDLE, which gives it a third of a percent.
  @Test func `Time for which a process has no CPU does not count`() throws {
    func spin(_ policy: String) throws -> PipedProcess {
      let loop = "exec taskset -c 0 \(policy) sh -c 'while :; do :; done'"
      return try PipedProcess(executable: "/bin/sh", arguments: ["-c", loop], longestLine: 80, ownGroup: true)
    }
    let (running, starved) = (try spin(""), try spin("chrt -i 0"))
    defer { [running, starved].forEach { $0.end() } }
    var (runs, waits) = (ProcessDeadline(running.pid, seconds: 1), ProcessDeadline(starved.pid, seconds: 1))
    let begin = ContinuousClock.now
    var (isRunningOver, isStarvedOver) = (false, false)
    while !isRunningOver || begin.duration(to: .now) < .seconds(2) {
      try #require(begin.duration(to: .now) < .seconds(100), "neither process had a CPU")
      _ = try running.nextLine(50)
      isRunningOver = runs.isOver()
      isStarvedOver = waits.isOver()
    }
    #expect(!isStarvedOver)
  }

  @Test func `A guest that panics on the way is told with its console`() throws {
    let (result, what) = try run("echo guest: booted; echo 'BUG: kernel NULL pointer' > $console")
    #expect(what == "1 boots, console.log")
    guard case .failure(let error) = result else {
      Issue.record("it came to its end")
      return
    }
    #expect(error.detail.contains("too early") && error.detail.contains("BUG: kernel NULL pointer"))
  }

  @Test func `the end of the kernel is how a guest for a claim ends, with its first error`() throws {
    let (ending, lines) = try observe(
      "echo guest: booted; echo seen; echo 'BUG: kernel NULL pointer' > $console; echo RIP >> $console")
    #expect(lines == ["seen"])
    guard case .kernelEnded(let first, let error) = ending else {
      Issue.record("the program ended")
      return
    }
    #expect(first == "BUG: kernel NULL pointer" && error.detail.contains("too early"))
  }

  @Test func `a silent guest for a claim ends without an error of the kernel`() throws {
    let (ending, _) = try observe("echo guest: booted; exec sleep 60", silence: 1)
    guard case .kernelEnded(let first, let error) = ending else {
      Issue.record("the program ended")
      return
    }
    #expect(first == nil && error.detail.contains("no output for 1 s after “guest: booted”"))
  }

  @Test func `a guest for a claim has its parameters and reports the status of its program`() throws {
    let (ending, lines) = try observe(
      "for a; do case $a in *trace_instance=x*) echo seen;; esac; done; echo guest: status 3; echo guest: done")
    guard case .programEnded(let status) = ending else {
      Issue.record("the kernel ended")
      return
    }
    #expect(status == 3 && lines == ["seen"])
  }

  @Test func `a task of lines writes them to the port, one of files to its directory`() throws {
    let directory = try TestDirectory()
    let image = try image(in: directory)
    let task = GuestTask(program: "/bin/true", companions: [], arguments: ["observe"], output: .lines)
    let system = InitialFileSystem(image: image, task: task, facts: [])
    #expect(system.script.contains("'/opt/abi-compare/true' 'observe' > $progress 2> /tmp/said\n"))
    let files = GuestTask(program: "/bin/true", companions: [], arguments: ["run"])
    #expect(
      InitialFileSystem(image: image, task: files, facts: []).script
        .contains("'/opt/abi-compare/true' 'run' --out /out > /tmp/said 2> $progress\n"))
  }

  @Test func `The beginning of the trouble is told beside the console's end`() {
    let registers = (1...20).map { "R\($0): 0" }
    let text = ConsoleText(["Linux", "Kernel panic - not syncing: no init"] + registers).text
    #expect(
      text.hasPrefix(
        "the console's first error: Kernel panic - not syncing: no init; the console's last lines: R13: 0;"))
    #expect(ConsoleText(["a", "b"]).text == "the console's last lines: a; b")
    #expect(ConsoleText([]).text == "the console is empty")
  }

  @Test func `What QEMU cannot load is to be built again`() throws {
    let (result, what) = try run("echo 'qemu: could not load kernel' >&2; exit 1")
    #expect(what == "2 boots, ")
    guard case .failure(let error) = result else {
      Issue.record("it booted")
      return
    }
    #expect(
      error.detail.contains("a second time") && error.detail.contains("its standard error: qemu: could not load kernel")
    )
    #expect(error.remedy == "rebuild the image: abi-compare vm build")
  }

  @Test func `A full disk is told as such`() throws {
    let directory = try TestDirectory()
    let program = try directory.script(
      "build", "echo 'cc1: fatal error: x.o: No space left on device'; for i in 1 2 3 4 5 6; do echo $i; done; exit 2")
    let error = #expect(throws: SourceError.self) {
      try HostProgram(step: "build", name: program, arguments: [], remedy: "no", package: "x")
        .run(log: directory.file("log"), within: 30)
    }
    #expect(error?.errno == .noSpace && error?.remedy.hasPrefix("free some space") == true)
  }

  @Test func `A guest that falls silent is ended`() throws {
    let (result, _) = try run("echo guest: booted; exec sleep 60", silence: 1)
    guard case .failure(let error) = result else {
      Issue.record("it came to its end")
      return
    }
    #expect(error.detail.contains("no output for 1 s after “guest: booted”"))
  }

  @Test func `A module that does not load is told`() throws {
    let (result, _) = try run("echo guest: booted; echo 'guest: trouble: insmod lttng-tracer: Unknown symbol'")
    guard case .failure(let error) = result else {
      Issue.record("it came to its end")
      return
    }
    #expect(error.detail.contains("insmod lttng-tracer: Unknown symbol"))
  }

  @Test func `What the guest leaves is brought out`() throws {
    let (result, what) = try run("leave report.md; echo guest: booted; echo guest: status 4; echo guest: done")
    #expect(try result.get() == GuestResults(status: 4, files: ["report.md"]))
    #expect(what == "1 boots, report.md")
  }

  @Test func `What lay there before is not taken for what the guest left`() throws {
    let (result, what) = try run(
      "leave; echo guest: booted; echo guest: status 1; echo guest: done", earlier: ["results.json"])
    #expect(try result.get() == GuestResults(status: 1, files: []))
    #expect(what == "1 boots, results.json")
  }

  @Test func `What cannot be brought out is kept, and named`() throws {
    // A file cannot replace a directory.
    let (result, what) = try run(
      "leave a.svg report.md; echo guest: booted; echo guest: status 0; echo guest: done", earlier: ["report.md"])
    guard case .failure(let error) = result else {
      Issue.record("it was brought out")
      return
    }
    #expect(what == "1 boots, a.svg report.md")
    let archive = error.remedy.split(separator: ";").first.flatMap { $0.split(separator: " ").last }.map(String.init)
    let kept = try #require(archive)
    defer { unlink(kept) }
    #expect(kept.hasSuffix("-results.tar"))
    #expect(HostFiles.size(ofFile: kept) > 0)
  }

  @Test func `What a run left that was killed is removed`() throws {
    let parent = try TestDirectory()
    let place = parent.file("left")
    try HostFiles.makeDirectory("\(place)/results")
    for name in ["results/report.md", "results/plot.svg"] { try HostFiles.write(Data([1]), to: "\(place)/\(name)") }
    let descriptor = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    OwnedDirectory.removeFiles(in: "results", of: descriptor)
    #expect(HostFiles.names(in: place) == [])
  }

  @Test func `Without QEMU it is said what to install`() throws {
    let error = #expect(throws: SourceError.self) { try QEMU("/nowhere/qemu") }
    #expect(error?.kind == .unavailable)
    #expect(error?.remedy == "apt-get install qemu-system-x86")
  }
}
