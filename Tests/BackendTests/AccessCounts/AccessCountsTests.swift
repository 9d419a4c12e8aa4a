import Foundation
import Platform
import Results
import Study
import SubbufferSource
import Testing
@testable import TracefsBackend
import Workload

extension LiveTests {
  /// Accesses of a reader on each live ABI, as far as they do not depend on the measured numbers.
  @Suite struct AccessCountsTests {
    /// Starts the program in the directory of the producers, to be traced while it reads.
    @Sendable static func traced(
      _ backend: any StudiedBackend, _ mode: RingMode
    ) throws(SourceError) -> PipedProcess {
      let producer = try ProducerExecutable.markerWriter.path()
      let directory = producer.prefix(upTo: producer.lastIndex(of: "/") ?? producer.endIndex)
      return try PipedProcess(
        executable: "\(directory)/abi-compare",
        arguments: [
          "drain", "--backend", backend.name, "--mode", mode.rawValue, "--producer-cpu",
          String(backend.producerCPU), "--parent", String(getpid()),
        ], longestLine: 80, ownGroup: true)
    }

    private static func results(_ name: String, _ mode: RingMode) throws -> [AccessCountsResult] {
      let backend = try LiveBackends.available(name)
      let results = try AccessCountsStudy(traced: traced)(on: backend, mode)
      for result in results {
        guard let missing = result.notCounted.first else { continue }
        try Missing("not counted: \(missing.what): \(missing.reason)", missing.remedy).skipOrFail()
      }
      return results
    }

    @Test(arguments: RingMode.allCases) func kernel(mode: RingMode) throws {
      let results = try Self.results("tracefs", mode)
      let others = mode == .overwrite ? UnmappedSource.Way.allCases.map(\.rawValue) : []
      #expect(results.map(\.way) == ["mapping"] + others)
      let mapping = try #require(results.first)
      #expect(mapping.handovers == 9)
      for calls in [mapping.systemCalls, mapping.tracedCalls] {
        let calls = try #require(calls)
        #expect(calls.of(.acquire)?.times == 9)
        #expect(calls.of(.acquire)?.calls == [.init(name: "ioctl", count: 9)])
        let empty = try #require(calls.of(.acquireOfNothing))
        #expect(empty.calls == [.init(name: "ioctl", count: empty.times)])
        #expect(calls.of(.decode)?.calls == [])
        #expect(calls.of(.release)?.calls == [])
        #expect(calls.of(.flush)?.calls == [])
      }
      #expect(mapping.library == nil)
      let memory = try #require(mapping.memory)
      // The mapping is read-only: no field is written.
      #expect(memory.fields.allSatisfy { $0.accesses.allSatisfy { $0.writes == 0 } && $0.writtenIn == 0 })
      for name in ["reader.id", "reader.read", "reader.lost_events", "overrun", "read", "timestamp", "commit"] {
        let field = try #require(memory.fields.first { $0.name == name })
        #expect(field.readIn == 9, "\(name)")
      }
      for name in ["flags", "entries", "Reserved1", "Reserved2", "nr_subbufs"] {
        #expect(memory.fields.first { $0.name == name }?.accesses == [], "\(name)")
      }
      for result in results {
        #expect(result.disagreeing == [], "\(result.way)")
      }
      let calls = [["read"], ["read", "splice"]]
      for (result, names) in zip(results.dropFirst(), calls) {
        let expected = names.map { AccessCountsResult.Call(name: $0, count: result.handovers) }
        #expect(result.systemCalls?.of(.acquire)?.calls == expected, "\(result.way)")
      }
    }

    @Test(arguments: RingMode.allCases) func lttng(mode: RingMode) throws {
      let results = try Self.results("lttng-ust", mode)
      let result = try #require(results.first)
      #expect(results.count == 1)
      #expect(result.disagreeing == [])
      let library = try #require(result.library)
      #expect(result.handovers == 8)
      #expect(
        library.operations.of(.acquire)?.calls == [
          .init(name: "lttng_ust_ctl_get_mmap_read_offset", count: 8),
          .init(name: "lttng_ust_ctl_get_next_subbuf", count: 8),
        ])
      #expect(
        library.operations.of(.release)?.calls == [.init(name: "lttng_ust_ctl_put_next_subbuf", count: 8)])
      // sigsetjmp saves the signal mask (ustctl.c): one system call per function that accesses the memory.
      for calls in [result.systemCalls, result.tracedCalls] {
        let acquire = try #require(calls?.of(.acquire))
        #expect(acquire.calls == [.init(name: "rt_sigprocmask", count: 16)])
        #expect(calls?.of(.release)?.calls == [.init(name: "rt_sigprocmask", count: 8)])
      }
      let memory = try #require(result.memory)
      #expect(memory.fields.allSatisfy { $0.name != nil }, "\(memory.fields.filter { $0.name == nil })")
      let consumed = try #require(memory.fields.first { $0.name == "consumed" })
      #expect(consumed.writtenIn == 8)
      let held = try #require(memory.fields.first { $0.name == "get_subbuf" })
      #expect(held.writtenIn == 8)
      let magic = try #require(memory.fields.first { $0.part == "packet header" && $0.name == "magic" })
      #expect(magic.readIn == 8)
      #expect(magic.writtenIn == 0)
    }

    /// After a count the library's functions are in the table again.
    @Test func countingEnds() throws {
      let results = try Self.results("lttng-ust", .discard)
      let again = try Self.results("lttng-ust", .discard)
      #expect(results.first?.library == again.first?.library)
    }

    /// If a process cannot be traced, the other counts remain and the reason is reported.
    @Test func aTracedProcessThatEndsIsNoCount() throws {
      let backend = try LiveBackends.available("lttng-ust")
      let study = AccessCountsStudy { _, _ throws(SourceError) in
        try PipedProcess(executable: "/bin/false", arguments: [], longestLine: 80)
      }
      let result = try #require(try study(on: backend, .discard).first)
      #expect(result.tracedCalls == nil)
      #expect(result.library != nil)
      let missing = try #require(result.notCounted.first { $0.what == "system calls, by ptrace" })
      #expect(missing.reason.contains("exit status 1"))
    }

    @Test func aModelHasNone() throws {
      for backend in LiveBackends.models {
        #expect(try AccessCountsStudy(traced: nil)(on: backend, .discard).isEmpty)
      }
    }
  }
}

extension [AccessCountsResult.OperationCalls] {
  fileprivate func of(_ operation: ReaderOperation) -> AccessCountsResult.OperationCalls? {
    first { $0.operation == operation }
  }
}
