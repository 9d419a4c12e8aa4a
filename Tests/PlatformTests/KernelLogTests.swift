import Foundation
@testable import Platform
import SubbufferSource
import Testing

/// Records of the kernel's log, as /dev/kmsg returns them.
@Suite struct KernelLogRecordTests {
  private func record(_ text: String) -> KernelLogRecord? { KernelLogRecord(Array(text.utf8)) }

  @Test func `a record of the kernel has facility 0`() {
    #expect(
      record("4,588,9477105,-;WARNING: CPU: 0\n")
        == KernelLogRecord(level: 4, sequence: 588, microseconds: 9_477_105, text: "WARNING: CPU: 0"))
  }

  @Test func `a record of user space has another facility`() {
    #expect(record("15,805,38962579381,-;said\n")?.facility == KernelLogRecord.user)
    #expect(record("30,339,5690716,-;udevd[80]: starting\n")?.facility == 3)
  }

  @Test func `the caller is a thread or a CPU`() {
    #expect(record("4,1,2,-,caller=T123;x\n")?.caller == .thread(123))
    #expect(record("4,1,2,c,caller=C1;x\n")?.caller == .cpu(1))
    #expect(record("4,1,2,-,later=7,caller=T9;x\n")?.caller == .thread(9))
    #expect(record("4,1,2,-,caller=;x\n")?.caller == nil)
  }

  @Test func `escaped bytes are those of the text`() {
    let escaped = record("4,1,2,-;non-consumed data\\x0a  [ 4096 ] \\x5c \\xc3\\xa9;\n")
    #expect(escaped?.text == "non-consumed data\n  [ 4096 ] \\ é;")
    #expect(record("4,1,2,-;a\\x\n")?.text == "a\\x")
    #expect(record("4,1,2,-;a\\xzz\n")?.text == "a\\xzz")
  }

  @Test func `the properties of a device are not part of the text`() {
    #expect(record("7,160,424069,-;pci_root\n SUBSYSTEM=acpi\n")?.text == "pci_root")
  }

  @Test(arguments: ["", ";", "4,1;x", "a,1,2,-;x", "4,-1,2,-;x", "4,1,2,-", "-4,1,2,-;x"])
  func `anything else is not a record`(_ text: String) {
    #expect(record(text) == nil)
  }
}

/// The kernel's log of this machine, for a process that may read and write it.
@Suite(.serialized) struct KernelLogTests {
  private func texts(_ reader: KernelLogReader) throws -> [String] {
    var texts: [String] = []
    while true {
      switch try reader.next() {
      case .record(let record): texts.append(record.text)
      case .overwritten: texts.append("overwritten")
      case .none: return texts
      }
    }
  }

  private var name: String { "abi-compare test \(UUID().uuidString)" }

  @Test func `a line is read by a reader that was opened before it, and by no later one`() throws {
    try requireKernelLog()
    let (first, second) = (name, name)
    try KernelLog.write(first)
    let reader = try KernelLogReader()
    try KernelLog.write(second)
    let read = try texts(reader)
    #expect(read.contains(second))
    #expect(!read.contains(first))
    #expect(try texts(reader).contains(second) == false)
  }

  @Test func `more lines than the kernel's rate limit arrive`() throws {
    try requireKernelLog()
    let reader = try KernelLogReader()
    let name = name
    for number in 0..<40 { try KernelLog.write("\(name) \(number)") }
    #expect(try texts(reader).filter { $0.hasPrefix(name) }.count == 40)
  }

  @Test func `a line of user space has its level and not the kernel's facility`() throws {
    try requireKernelLog()
    let reader = try KernelLogReader()
    let text = name
    try KernelLog.write(text, level: 4)
    var records: [KernelLogRecord] = []
    while case .record(let record) = try reader.next() { records.append(record) }
    let record = try #require(records.first { $0.text == text })
    #expect(record.facility == KernelLogRecord.user)
    #expect(record.level == 4)
  }

  @Test func `overwritten records are reported`() throws {
    try requireKernelLog()
    let reader = try KernelLogReader()
    let line = String(repeating: "x", count: 900)
    // It reads one record of fifty, until the first unread one is gone.
    repeat {
      for _ in 0..<50 { try KernelLog.write(line) }
    } while try reader.next() != .overwritten
    guard case .record = try reader.next() else {
      Issue.record("no record after EPIPE")
      return
    }
  }

  @Test func `a missing device is an error with a remedy`() {
    let error = #expect(throws: SourceError.self) { try KernelLogReader(path: "/nonexistent/kmsg") }
    #expect(error?.kind == .unavailable)
    #expect(error?.errno == .noSuchFileOrDirectory)
    #expect(error?.remedy.contains("mknod") == true)
    #expect(throws: SourceError.self) { try KernelLog.write("x", path: "/nonexistent/kmsg") }
  }

  @Test func `a device that returns no record is refused`() throws {
    let reader = try KernelLogReader(path: "/dev/zero")
    let error = #expect(throws: SourceError.self) { try reader.next() }
    #expect(error?.kind == .unknownFormat)
  }
}

/// The kernel's taint.
@Suite struct KernelTaintTests {
  @Test func `each bit has its letter`() {
    #expect(KernelTaint(rawValue: 0).text == "0")
    #expect(KernelTaint(rawValue: 1 << 9).text == "512 (W)")
    #expect(KernelTaint(rawValue: 1 << 12 | 1 << 13 | 1 << 40).text == "1099511640064 (O, E, bit 40)")
  }

  @Test func `the present taint can be read`() {
    #expect(KernelTaint.current != nil)
  }
}

/// The forks of the machine.
@Suite struct ProcessEventsTests {
  @Test func `a fork names the thread that forks`() throws {
    try requireKernelLog()
    let events = try ProcessEvents()
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "exit 0"]
    try process.run()
    process.waitUntilExit()
    var forks: [ProcessEvents.Fork] = []
    #expect(events.read { forks.append($0) })
    let fork = try #require(forks.first { $0.childThread == process.processIdentifier })
    #expect(fork.childProcess == process.processIdentifier)
    #expect(fork.parentProcess == getpid())
    #expect(events.read { _ in })
  }

  @Test func `a new thread belongs to its process`() throws {
    try requireKernelLog()
    let events = try ProcessEvents()
    var thread = pthread_t()
    #expect(pthread_create(&thread, nil, { _ in nil }, nil) == 0)
    pthread_join(thread, nil)
    var forks: [ProcessEvents.Fork] = []
    _ = events.read { forks.append($0) }
    #expect(forks.contains { $0.childProcess == getpid() && $0.childThread != getpid() })
  }

  @Test func `a message that is cut short is not a fork`() {
    let words: [UInt32] = [76, 3, 0, 0, 1, 1, 0, 0, 40, 1, 0, 0, 0, 10, 11, 12, 13]
    let message = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    #expect(
      ProcessEvents.fork(in: message[...])
        == ProcessEvents.Fork(parentThread: 10, parentProcess: 11, childThread: 12, childProcess: 13))
    for length in 0..<message.count { #expect(ProcessEvents.fork(in: message[..<length]) == nil) }
    var exit = message
    exit[36 + 3] = 0x80
    #expect(ProcessEvents.fork(in: exit[...]) == nil)
  }
}

/// Ends a test on a machine without a kernel log: as skipped if live back ends may be absent, else as failed.
private func requireKernelLog() throws {
  if geteuid() == 0, FileManager.default.fileExists(atPath: KernelLogReader.device) { return }
  if ProcessInfo.processInfo.environment["ABI_COMPARE_ALLOW_SKIP"] == "1" {
    try Test.cancel("root and \(KernelLogReader.device) are needed")
  }
  throw SourceError(.unavailable, call: "open \(KernelLogReader.device)", detail: "root is needed")
}
