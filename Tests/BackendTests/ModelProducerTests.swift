import Foundation
import Platform
@testable import Study
import SubbufferSource
import Synchronization
import Testing
import Workload

@Suite struct ModelProducerTests {
  private let cpu = CPUPlacement.choose().producer

  private func truth(_ producer: ModelProducer, _ load: Load) throws -> Truth {
    try producer.start(load)
    return try #require(try producer.truth(within: 20_000))
  }

  @Test func tellsWhatItWroteAndWhatWasRefused() throws {
    let written = Mutex<[ClosedRange<UInt64>]>([])
    let producer = try ModelProducer(cpu: cpu) { first, count, payload in
      written.withLock { $0.append(first...(first + count - 1)) }
      return payload == 7 ? count / 2 : 0
    }
    let all = try truth(producer, Load(first: 40, count: 1_000, payload: 8))
    #expect((all.produced, all.accepted, all.refused, all.firstErrno) == (1_000, 1_000, 0, 0))
    #expect(all.end >= all.begin)
    #expect(written.withLock { $0.first?.lowerBound } == 40)
    #expect(written.withLock { $0.last?.upperBound } == 1_039)
    #expect(written.withLock { $0.reduce(0) { $0 + $1.count } } == 1_000)
    let half = try truth(producer, Load(first: 0, count: 256, payload: 7))
    #expect((half.accepted, half.refused, half.firstErrno) == (128, 128, ENOBUFS))
  }

  @Test func keepsTheRateOverTheBursts() throws {
    let producer = try ModelProducer(cpu: cpu) { _, _, _ in 0 }
    let truth = try truth(producer, Load(first: 0, count: 101, payload: 0, rate: 1_000, burst: 10))
    // Eleven bursts have ten pauses of 10 ms; the producer never writes ahead of schedule.
    #expect(truth.end - truth.begin >= 100_000_000)
  }

  @Test func whatKeepsItFromWritingIsTold() throws {
    let broken = try ModelProducer(cpu: cpu) { (_, _, _) throws(SourceError) in
      throw SourceError(call: "write", errno: .noSpace)
    }
    try broken.start(Load(first: 0, count: 1, payload: 0))
    #expect(throws: SourceError(call: "write", errno: .noSpace)) { try broken.truth(within: 20_000) }
    let nowhere = try ModelProducer(cpu: 100_000) { _, _, _ in 0 }
    try nowhere.start(Load(first: 0, count: 1, payload: 0))
    let error = #expect(throws: SourceError.self) { try nowhere.truth(within: 20_000) }
    #expect(error?.call.contains("sched_setaffinity") == true)
  }

  /// The last reference to a model's ring buffer closes its pipes, so the thread must not hold it.
  @Test func `what the write function captured is released once the producer has ended`() throws {
    final class Captured: Sendable {}
    var held = 0
    for _ in 0..<1_000 {
      weak var captured: Captured?
      do {
        let object = Captured()
        captured = object
        let producer = try ModelProducer(cpu: cpu) { _, _, _ in withExtendedLifetime(object) { 0 } }
        producer.end()
      }
      if captured != nil { held += 1 }
    }
    #expect(held == 0)
  }

  @Test func answersNothingBeforeItIsDoneAndEndsInTheMiddleOfALoad() throws {
    let producer = try ModelProducer(cpu: cpu) { _, _, _ in 0 }
    try producer.start(Load(first: 0, count: .max / 2, payload: 0))
    #expect(try producer.truth(within: 0) == nil)
    producer.end()
    #expect(throws: (any Error).self) { try producer.truth(within: 20_000) }
    #expect(throws: (any Error).self) { try producer.start(Load(first: 0, count: 1, payload: 0)) }
  }
}
