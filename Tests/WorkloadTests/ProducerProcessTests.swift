import Foundation
import Glibc
import Platform
import SubbufferSource
import Testing
@testable import Workload

/// The marker writer on an ordinary file: its report matches the content of the file.
@Suite struct ProducerProcessTests {
  private let cpu = CPUPlacement.choose().producer

  private func withFile(_ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "abi-compare-test-\(UUID().uuidString)"
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  private func producer(_ path: String) throws -> ProducerProcess {
    let producer = try ProducerProcess(
      executable: ProducerExecutable.markerWriter.path(), arguments: [String(cpu), path])
    try producer.waitUntilReady(10_000)
    return producer
  }

  @Test func `a program that cannot be started has the remedy of its errno`() throws {
    try withFile { path in
      for (program, remedy) in [("\(path)-missing", "swift build"), (path, "executable")] {
        let error = #expect(throws: SourceError.self) {
          _ = try PipedProcess(executable: program, arguments: [], longestLine: 80)
        }
        #expect(error?.remedy.contains(remedy) == true)
        #expect(error?.kind == .call)
      }
    }
  }

  @Test func `an environment variable is set beside the others, and removed where it is nil`() throws {
    let own = try #require(ProcessInfo.processInfo.environment["PATH"])
    let process = try PipedProcess(
      executable: "/bin/sh", arguments: ["-c", #"echo "${PATH}:${HOME-removed}:${ABI_COMPARE_TEST}""#],
      environment: ["HOME": nil, "ABI_COMPARE_TEST": "set"], longestLine: 65536)
    #expect(ProcessInfo.processInfo.environment["HOME"] != nil)
    #expect(try process.nextLine(10_000) == .line("\(own):removed:set"))
  }

  @Test func `a producer on a CPU that is gone is stopped by the machine`() throws {
    try withFile { path in
      let producer = try ProducerProcess(
        executable: ProducerExecutable.markerWriter.path(), arguments: ["1023", path])
      let error = #expect(throws: SourceError.self) { try producer.waitUntilReady(10_000) }
      #expect(error?.kind == .machine)
      #expect(error?.detail.contains("CPU 1023") == true)
    }
  }

  @Test func `the end of a producer is known after it was found to be gone`() throws {
    try withFile { path in
      let producer = try producer(path)
      #expect(producer.ending == nil)
      producer.send(signal: SIGKILL)
      #expect(throws: SourceError.self) { _ = try producer.truth(within: 10_000) }
      #expect(producer.ending == .signal(SIGKILL))
    }
  }

  @Test func `an event that is written in steps is reported as any other`() throws {
    try withFile { path in
      let producer = try producer(path)
      try producer.startStep(sequence: 7, payload: 8)
      let truth = try #require(try producer.truth(within: 10_000))
      #expect(truth.produced == 1 && truth.accepted == 1)
      #expect(try Data(contentsOf: URL(filePath: path)).isEmpty == false)
    }
  }

  private func truth(_ producer: ProducerProcess, _ load: Load) throws -> Truth {
    try producer.start(load)
    return try #require(try producer.truth(within: 10_000))
  }

  @Test func tellsWhatItWrote() throws {
    try withFile { path in
      let truth = try truth(producer(path), Load(first: 40, count: 3, payload: 5))
      #expect(truth.produced == 3)
      #expect(truth.accepted == 3)
      #expect(truth.refused == 0)
      #expect(truth.end >= truth.begin)

      let bytes = try Data(contentsOf: URL(filePath: path))
      let event = 4 + 8 + 4 + 5
      #expect(bytes.count == 3 * event)
      for index in 0..<3 {
        let sequence = bytes[(index * event + 4)..<(index * event + 12)].enumerated()
          .reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * $1.offset) }
        #expect(sequence == UInt64(40 + index))
      }
    }
  }

  @Test func mixesSizesAsTheLoadSays() throws {
    try withFile { path in
      let load = Load(first: 3, count: 50, payload: 2, spread: 90, seed: 7)
      #expect(try truth(producer(path), load).accepted == 50)
      let bytes = try Data(contentsOf: URL(filePath: path))
      var lengths: [UInt32] = []
      var offset = 0
      while offset + 16 <= bytes.count {
        let length = bytes[(offset + 12)..<(offset + 16)].enumerated()
          .reduce(UInt32(0)) { $0 | UInt32($1.element) << (8 * $1.offset) }
        lengths.append(length)
        offset += 16 + Int(length)
      }
      #expect(lengths == (3..<53).map { load.payload(of: $0) })
      #expect(lengths.allSatisfy { (2...92).contains($0) })
      #expect(Set(lengths).count > 10)
    }
  }

  @Test func whatItWroteIsKnownAfterItsEnd() throws {
    try withFile { path in
      let producer = try producer(path)
      try producer.start(Load(first: 0, count: .max, payload: 0))
      while producer.progress.produced < 1000 {}
      producer.end()
      let progress = producer.progress
      #expect(progress.refused == 0)
      #expect(progress.unfinished <= 1)
      let written = try UInt64(Data(contentsOf: URL(filePath: path)).count / 16)
      #expect(progress.accepted <= written)
      #expect(written <= progress.produced)
    }
  }

  @Test func timesEachEventThatItWrote() throws {
    try withFile { path in
      let producer = try producer(path)
      try producer.start(TimedLoad(first: 7, count: 20, payload: 4, rate: 100_000))
      let truth = try #require(try producer.truth(within: 10_000))
      #expect(truth.produced == 20 && truth.accepted == 20)
      // The last event is due 19 times 10 µs after the begin.
      #expect(truth.end - truth.begin >= 190_000)
      let times = producer.times(20)
      #expect(times.count == 20)
      #expect(times.allSatisfy { $0.service > 0 && $0.service <= $0.response && !$0.isRefused })
      #expect(try Data(contentsOf: URL(filePath: path)).count == 20 * (4 + 8 + 4 + 4))
      #expect(producer.progress.accepted == 20)
    }
  }

  @Test func withoutTheWriteTheScheduleIsKeptAndNothingWritten() throws {
    try withFile { path in
      let producer = try producer(path)
      try producer.start(TimedLoad(first: 0, count: 20, payload: 4, rate: 100_000, writes: false))
      let truth = try #require(try producer.truth(within: 10_000))
      #expect(truth.produced == 0 && producer.progress.produced == 0)
      #expect(truth.end - truth.begin >= 190_000)
      #expect(producer.times(20).allSatisfy { $0.service <= $0.response && $0.response > 0 })
      #expect(try Data(contentsOf: URL(filePath: path)).isEmpty)
    }
  }

  @Test func aRefusedEventIsTimedAsOne() throws {
    let producer = try producer("/dev/full")
    try producer.start(TimedLoad(first: 0, count: 3, payload: 0, rate: 1_000_000))
    let truth = try #require(try producer.truth(within: 10_000))
    #expect(truth.refused == 3 && truth.firstErrno == ENOSPC)
    #expect(producer.times(3).allSatisfy { $0.isRefused && $0.service > 0 })
  }

  @Test func aTimedLoadHasNoMoreEventsThanThereIsRoomFor() throws {
    let producer = try producer("/dev/null")
    #expect { try producer.start(TimedLoad(first: 0, count: .max, payload: 0, rate: 1)) } throws: {
      ($0 as? SourceError)?.kind == .usage
    }
    try producer.start(TimedLoad(first: 0, count: 100_000, payload: 0, rate: 100_000_000))
    #expect(try producer.truth(within: 60_000)?.accepted == 100_000)
  }

  @Test func whatWasRefusedIsCountedAsItGoes() throws {
    let producer = try producer("/dev/full")
    _ = try truth(producer, Load(first: 0, count: 5, payload: 0))
    #expect(producer.progress.produced == 5)
    #expect(producer.progress.refused == 5)
    #expect(producer.progress.accepted == 0)
  }

  @Test func tellsWhatWasRefused() throws {
    let truth = try truth(producer("/dev/full"), Load(first: 0, count: 7, payload: 0))
    #expect(truth.produced == 7)
    #expect(truth.accepted == 0)
    #expect(truth.refused == 7)
    #expect(truth.firstErrno == ENOSPC)
  }

  @Test func keepsTheRateOverTheBursts() throws {
    let truth = try truth(producer("/dev/null"), Load(first: 0, count: 101, payload: 0, rate: 1_000, burst: 10))
    // Eleven bursts have ten pauses of 10 ms; the producer never writes ahead of schedule.
    #expect(truth.end - truth.begin >= 100_000_000)
  }

  @Test func spinsToTheIntendedTimes() throws {
    let load = Load(first: 5, count: 31, payload: 0, rate: 10_000, burst: 10, pacing: .spin)
    let truth = try truth(producer("/dev/null"), load)
    #expect(truth.accepted == 31)
    #expect(load.intended(5) == 0)
    #expect(load.intended(34) == 2_000_000)
    #expect(load.intended(35) == 3_000_000)
    // The last burst is not written before its scheduled time.
    #expect(truth.end - truth.begin >= load.intended(35))
  }

  @Test func answersNothingBeforeItIsDone() throws {
    let producer = try producer("/dev/null")
    try producer.start(Load(first: 0, count: 1_000_000, payload: 0, rate: 1))
    #expect(try producer.truth(within: 0) == nil)
  }

  /// Usually only root may handle the page faults of system calls.
  @Test(
    .enabled(
      if: geteuid() == 0 || ProcessInfo.processInfo.environment["ABI_COMPARE_ALLOW_SKIP"] != "1", "root is needed"))
  func staysInsideTheWriteThatItIsHeldIn() throws {
    try withFile { path in
      let producer = try producer(path)
      func size() throws -> Int { try Data(contentsOf: URL(filePath: path)).count }
      try producer.hold(sequence: 7, payload: 4)
      #expect(producer.progress.unfinished == 1)
      #expect(try producer.endHold().accepted == 1)
      #expect(try size() == 20)
      #expect(try truth(producer, Load(first: 8, count: 1, payload: 0)).produced == 1)
      #expect(try size() == 20 + 16)
      #expect(producer.progress.unfinished == 0)
    }
  }

  @Test func whatCannotBeOpenedIsAnErrorWithTheProducersWords() throws {
    let producer = try ProducerProcess(
      executable: ProducerExecutable.markerWriter.path(), arguments: [String(cpu), "/nowhere/at/all"])
    let error = #expect(throws: SourceError.self) { try producer.waitUntilReady(10_000) }
    #expect(error?.description.contains("/nowhere/at/all: No such file or directory") == true)
  }

  @Test func aProducerThatIsKilledIsAnErrorAndNoSignal() throws {
    let producer = try producer("/dev/null")
    try producer.start(Load(first: 0, count: .max / 2, payload: 0))
    producer.send(signal: SIGKILL)
    let error = #expect(throws: SourceError.self) { try producer.truth(within: 10_000) }
    #expect(error?.detail.contains("signal 9") == true)
    // The producer is gone, so nothing reads the command; SIGPIPE must not end this process.
    #expect(throws: SourceError.self) { try producer.start(Load(first: 0, count: 1, payload: 0)) }
  }

  @Test func aProgramThatIsNotThereIsAnError() {
    let error = #expect(throws: SourceError.self) {
      _ = try ProducerProcess(executable: "/nowhere/producer", arguments: [])
    }
    #expect(error?.errno == .noSuchFileOrDirectory)
  }

  @Test func isGoneWhenTheLastReferenceIs() throws {
    var held: ProducerProcess? = try producer("/dev/null")
    let pid = try #require(held?.pid)
    try held?.start(Load(first: 0, count: .max / 2, payload: 0))
    held = nil
    #expect(kill(pid, 0) == -1)
    #expect(errno == ESRCH)
  }

  @Test func leavesNoDescriptorOpen() throws {
    _ = try producer("/dev/null")
    let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    for _ in 0..<20 { _ = try producer("/dev/null") }
    let after = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    // Other tests run in parallel and open files of their own; a leak would add sixty descriptors.
    #expect(after - before < 20)
  }
}
