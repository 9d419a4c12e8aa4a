import Foundation
import Platform
import SubbufferSource
import SystemPackage
import Testing
import TracefsABI
import Workload

/// The kernel's ring buffer at the one-to-one layer, on this machine's kernel.
@Suite(.serialized, .timeLimit(.minutes(10))) struct MappedRingBufferTests {
  private let cpu = CPUPlacement.choose().producer

  /// Runs `body` with an instance and a marker writer, and removes the instance.
  private func withInstance(
    _ settings: [(String, String)] = [], _ body: (TracefsInstance, ProducerProcess) throws -> Void
  ) throws {
    if geteuid() != 0, ProcessInfo.processInfo.environment["ABI_COMPARE_ALLOW_SKIP"] == "1" {
      try Test.cancel("root is needed for tracefs")
    }
    try #require(geteuid() == 0, "root is needed for tracefs; or set ABI_COMPARE_ALLOW_SKIP=1")
    let instance = try TracefsInstance(in: Tracefs.mountedOrMounting())
    for (file, value) in settings { try instance.set(file, value) }
    let producer = try ProducerProcess(
      executable: ProducerExecutable.markerWriter.path(),
      arguments: [String(cpu), "\(instance.path)/trace_marker_raw"])
    try producer.waitUntilReady(10_000)
    defer { producer.end() }
    try body(instance, producer)
    producer.end()
    try instance.remove()
    #expect(!FileManager.default.fileExists(atPath: instance.path))
  }

  private func map(_ instance: TracefsInstance, nonBlocking: Bool = true) throws -> MappedRingBuffer {
    try MappedRingBuffer(path: instance.ringBufferPath(cpu: cpu), nonBlocking: nonBlocking)
  }

  @Test func aBlockingAcquireWaitsForTheFirstEvent() throws {
    try withInstance([("buffer_percent", "0")]) { instance, producer in
      let ring = try map(instance, nonBlocking: false)
      // The test does not check the time, only that the call returns with the event.
      try producer.start(Load(first: 0, count: 1, payload: 0))
      let result = ring.unsafeGetReader()
      let meta = ring.metaPage
      #expect(result == 0)
      #expect(meta.read == 1)
      #expect(meta.readerRead > 0)
    }
  }

  @Test func aNonBlockingAcquireWithoutAnEventChangesNothing() throws {
    try withInstance { instance, _ in
      let ring = try map(instance)
      let before = ring.metaPage
      let result = ring.unsafeGetReader()
      let after = ring.metaPage
      #expect(result == 0)
      #expect(after == before)
    }
  }

  @Test(arguments: [4, 8, 16, 64]) func theMetaPageTellsTheSubbufferSize(_ kilobytes: Int) throws {
    try withInstance([("buffer_subbuf_size_kb", "\(kilobytes)")]) { instance, _ in
      let ring = try map(instance)
      let meta = ring.metaPage
      let geometry = ring.geometry
      let last = ring.unsafeSubbuffer(meta.subbufferCount - 1)
      let beyond = ring.unsafeSubbuffer(meta.subbufferCount)
      #expect(Int(meta.subbufferSize) == kilobytes * 1024)
      #expect(geometry.subbufferSize == kilobytes * 1024)
      #expect(geometry.subbufferCount == Int(meta.subbufferCount))
      #expect(last != nil)
      #expect(beyond == nil)
    }
  }

  @Test(arguments: [("buffer_size_kb", "0"), ("buffer_subbuf_size_kb", "1048576"), ("trace_clock", "nosuch")])
  func aValueThatTheKernelRefusesIsAnErrorThatNamesIt(_ file: String, _ value: String) throws {
    try withInstance { instance, _ in
      let error = #expect(throws: SourceError.self) { try instance.set(file, value) }
      #expect(error?.errno == .invalidArgument)
      #expect(error?.call.contains("'\(value)'") == true)
      #expect(error?.call.contains(file) == true)
    }
  }

  @Test func moreMemoryThanThereIsIsAnError() throws {
    try withInstance { instance, _ in
      // 1 TiB.
      let error = #expect(throws: SourceError.self) {
        try instance.set("per_cpu/cpu\(cpu)/buffer_size_kb", String(1 << 30))
      }
      #expect(error?.errno == .noMemory)
    }
  }

  @Test func aFileThatIsNoRingBufferIsAnError() throws {
    let missing = #expect(throws: SourceError.self) {
      _ = try MappedRingBuffer(path: "/nowhere/trace_pipe_raw", nonBlocking: true)
    }
    #expect(missing?.errno == .noSuchFileOrDirectory)
    let terminal = #expect(throws: SourceError.self) {
      _ = try MappedRingBuffer(path: "/proc/self/status", nonBlocking: true)
    }
    #expect(terminal?.call.contains("mmap /proc/self/status") == true)
  }

  @Test func aMetaPageThatIsNotTheKnownOneIsRefused() throws {
    let path = NSTemporaryDirectory() + "meta-page-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    func write(_ fields: [UInt32]) throws {
      var bytes = fields.flatMap { field in withUnsafeBytes(of: field.littleEndian) { Array($0) } }
      bytes += Array(repeating: 0, count: 3 * 4096 - bytes.count)
      try Data(bytes).write(to: URL(filePath: path))
    }
    // meta_page_size, meta_struct_len, subbuf_size, nr_subbufs
    let unknown: [[UInt32]] = [
      [0, 0, 0, 0], [4096, 56, 4096, 2], [4096, 5000, 4096, 2], [4096, 80, 4000, 2], [4096, 80, 4096, 1],
      [4097, 80, 4096, 2], [4096, 80, 4096, 0xFFFF_FFFF],
    ]
    for fields in unknown {
      try write(fields)
      let error = #expect(throws: SourceError.self) { _ = try MappedRingBuffer(path: path, nonBlocking: true) }
      #expect(error?.kind == .unknownFormat, "\(fields)")
    }
    // Control: a page as the kernel makes it is accepted, so the refusals above have no other cause.
    try write([4096, 80, 4096, 2])
    let ring = try MappedRingBuffer(path: path, nonBlocking: true)
    let result = ring.unsafeGetReader()
    #expect(result < 0)
  }

  @Test func anInstanceThatIsInUseIsNotRemoved() throws {
    try withInstance { instance, _ in
      let ring = try map(instance)
      let error = #expect(throws: SourceError.self) { try instance.remove() }
      #expect(error?.errno == .resourceBusy)
      let result = ring.unsafeGetReader()
      #expect(result == 0)
    }
  }

  @Test func setUpAndTearDownLeaveNoMapping() throws {
    func mappings(_ instance: TracefsInstance) throws -> Int {
      // String(contentsOfFile:) ends at the first short read, which in procfs is a page.
      let maps = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/maps")).readToEnd() ?? Data()
      return String(decoding: maps, as: UTF8.self).split(separator: "\n").count { $0.contains(instance.name) }
    }
    for _ in 0..<20 {
      try withInstance { instance, _ in
        try useOnce(instance, mappings)
        #expect(try mappings(instance) == 0)
      }
    }
  }

  private func useOnce(_ instance: TracefsInstance, _ mappings: (TracefsInstance) throws -> Int) throws {
    let ring = try map(instance)
    #expect(try mappings(instance) > 0)
    let result = ring.unsafeGetReader()
    #expect(result == 0)
  }
}
