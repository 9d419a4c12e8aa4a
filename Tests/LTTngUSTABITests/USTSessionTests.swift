import CTFPackets
import Glibc
import LTTngUSTABI
import SubbufferSource
import SystemPackage
import Testing
import Workload

@Suite(.enabled(if: testsRun, "LTTng-UST cannot run here"), .serialized, .timeLimit(.minutes(10)))
struct USTSessionTests {
  /// Returns the error with which the start of a session fails.
  private func refusal(
    _ listener: consuming USTListener, process: Int32, attributes: ChannelAttributes = .roomy,
    timeout: Milliseconds = patience
  ) -> SourceError? {
    do throws(SourceError) {
      _ = try USTSession(listener, process: process, attributes: attributes, timeout: timeout)
      Issue.record("the session was started")
      return nil
    } catch {
      return error
    }
  }

  @Test func `The listener's directory is private, and gone with the set-up`() throws {
    let listener = try USTListener(try LTTngUSTLibrary())
    let path = try #require(listener.environment["LTTNG_HOME"] ?? nil)
    var status = stat()
    try #require(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o700)
    #expect(status.st_uid == geteuid())
    let producer = try ProducerProcess(
      executable: try ProducerExecutable.tracedProcess.path(), arguments: ["0"], environment: listener.environment)
    let session = try USTSession(listener, process: producer.pid, attributes: .roomy)
    #expect(stat(path, &status) < 0)
    #expect(session.tracerVersion.hasPrefix("2."))
  }

  @Test func `A process that ends before it registers is an error at once`() throws {
    let listener = try USTListener(try LTTngUSTLibrary())
    let process = try ProducerProcess(executable: "/bin/true", arguments: [])
    let error = refusal(listener, process: process.pid, timeout: patience)
    #expect(error?.detail == "it ended before it registered")
  }

  @Test func `A process that does not register is an error after the timeout`() throws {
    let listener = try USTListener(try LTTngUSTLibrary())
    let process = try ProducerProcess(executable: "/bin/cat", arguments: [])
    let error = refusal(listener, process: process.pid, timeout: 10)
    #expect(error?.errno == .timedOut)
  }

  @Test func `Another process is turned away`() throws {
    let listener = try USTListener(try LTTngUSTLibrary())
    let path = try ProducerExecutable.tracedProcess.path()
    let stranger = try ProducerProcess(executable: path, arguments: ["0"], environment: listener.environment)
    let expected = try ProducerProcess(executable: "/bin/cat", arguments: [])
    let error = refusal(listener, process: expected.pid, timeout: 100)
    #expect(error?.errno == .timedOut)
    // The refused process continues untraced.
    try stranger.waitUntilReady(patience)
  }

  @Test func `A process whose listener goes away goes on untraced`() throws {
    func startAndLeave() throws -> ProducerProcess {
      let listener = try USTListener(try LTTngUSTLibrary())
      return try ProducerProcess(
        executable: try ProducerExecutable.tracedProcess.path(), arguments: ["0"], environment: listener.environment)
    }
    try startAndLeave().waitUntilReady(patience)
  }

  @Test func `An event that the process does not have is an error`() throws {
    let listener = try USTListener(try LTTngUSTLibrary())
    let producer = try ProducerProcess(
      executable: try ProducerExecutable.tracedProcess.path(), arguments: ["0"], environment: listener.environment)
    let session = try USTSession(listener, process: producer.pid, attributes: .roomy, event: "abi_compare:nothing")
    try producer.waitUntilReady(patience)
    let error = #expect(throws: SourceError.self) { try session.checkEvent() }
    #expect(error?.kind == .unknownFormat)
  }

  @Test func `Attributes that cannot be are refused before anything is started`() throws {
    let wrong: [ChannelAttributes] = [
      ChannelAttributes(mode: .discard, subbufferSize: 2048, subbufferCount: 4),
      ChannelAttributes(mode: .discard, subbufferSize: 4096 * 3, subbufferCount: 4),
      ChannelAttributes(mode: .discard, subbufferSize: 4096, subbufferCount: 3),
      ChannelAttributes(mode: .discard, subbufferSize: 4096, subbufferCount: 0),
      ChannelAttributes(mode: .overwrite, subbufferSize: 4096, subbufferCount: 1),
      ChannelAttributes(mode: .discard, subbufferSize: 4096, subbufferCount: series < .from2_15 ? 0 : 1),
    ]
    for attributes in wrong {
      let listener = try USTListener(try LTTngUSTLibrary())
      let error = refusal(listener, process: getpid(), attributes: attributes)
      #expect(error?.kind == .usage)
    }
    let least = series < .from2_15 ? 1 : 2
    let smallest = try TracedProcess(ChannelAttributes(mode: .discard, subbufferSize: 4096, subbufferCount: least))
    var source = try smallest.source()
    try smallest.write(3)
    smallest.producer.end()
    #expect(try readToEnd(&source).sequence == [0, 1, 2])
  }

  @Test func `Two sessions at once do not disturb each other`() throws {
    let one = try TracedProcess(.roomy)
    let other = try TracedProcess(.roomy)
    var first = try one.source()
    var second = try other.source()
    try one.write(5)
    try other.write(7, from: 100)
    // The pipes of the first must not be held open by the second process.
    one.producer.end()
    #expect(try readToEnd(&first).sequence == Array(0..<5))
    other.producer.end()
    #expect(try readToEnd(&second).sequence == Array(100..<107))
  }

  @Test func `Two processes record into one shared channel`() throws {
    let first = try TracedProcess(.roomy, isShared: true)
    let other = try TracedProcess(joining: first)
    #expect((first.session.application, other.session.application) == (0, 1))
    var source = try first.source()
    try first.write(3)
    try other.write(3, from: 100)
    try first.write(3, from: 200)
    _ = try source.flush()
    var seen = Seen()
    _ = try readAvailable(&source, into: &seen)
    #expect(seen.sequence == [0, 1, 2, 100, 101, 102, 200, 201, 202])
  }

  @Test func `A channel that is not shared takes no other process`() throws {
    let first = try TracedProcess(.roomy)
    let error = #expect(throws: SourceError.self) { try TracedProcess(joining: first) }
    #expect(error?.kind == .usage)
  }

  @Test func `Stalled sub-buffers are completed since 2_15`() throws {
    let process = try TracedProcess(.roomy)
    let stream = try process.session.channel.stream(cpu: 0)
    try process.write(3)
    process.producer.end()
    try stream.snapshotSamplePositions()
    let (consumed, produced) = try (stream.snapshotGetConsumed(), stream.snapshotGetProduced())
    let application = process.session.application
    if series < .from2_15 {
      let error = #expect(throws: SourceError.self) {
        try stream.unsafeFixUpStalledStream(consumed: consumed, produced: produced, deadApplication: application)
      }
      #expect(error?.errno == .noFunction)
    } else {
      let failed = try stream.unsafeFixUpStalledStream(
        consumed: consumed, produced: produced, deadApplication: application)
      #expect(failed == 0)
    }
  }
}
