import CPlatform
import Foundation
import Glibc
import Platform
import ReferenceModels
import Results
import SubbufferSource
import Synchronization
import SystemPackage
import Workload

/// The writer of a model: a thread of this process, pinned to one CPU, since a model's memory is this process's own.
package final class ModelProducer: LoadProducer {
  /// Writes consecutive events, and says how many of them were refused to the writer; throws ``SourceError`` where it
  /// cannot write.
  package typealias Write =
    @Sendable (_ first: UInt64, _ count: UInt64, _ payload: UInt32) throws(SourceError) -> UInt64

  private let thread: WriterThread
  private let onEnd: @Sendable () -> Void

  /// Starts the thread. It ends with the last reference to the producer.
  /// - Parameter onEnd: called when the thread has ended: what the end of a writer does to its ring buffer.
  /// - Throws: ``SourceError`` where there is no thread for it.
  package init(cpu: Int, onEnd: @escaping @Sendable () -> Void = {}, _ write: @escaping Write) throws(SourceError) {
    self.onEnd = onEnd
    thread = WriterThread(write)
    try thread.start(cpu: cpu)
  }

  deinit {
    end()
  }

  package func start(_ load: Load) throws(SourceError) {
    guard !thread.isStopped else {
      throw SourceError(call: "command model writer", detail: "it has ended")
    }
    thread.loads.withLock { $0.append(load) }
    thread.commands.signal()
  }

  package func truth(within timeout: Milliseconds) throws(SourceError) -> Truth? {
    guard thread.answers.wait(timeout: .now() + .milliseconds(Int(max(0, timeout)))) == .success else { return nil }
    guard let truth = thread.truths.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else {
      throw thread.failure.withLock { $0 } ?? SourceError(call: "run model writer", detail: "it has ended")
    }
    return truth
  }

  package func end() {
    if thread.stop() { onEnd() }
  }
}

/// The state shared by the thread and those who command it.
private final class WriterThread: Sendable {
  let loads = Mutex<[Load]>([])
  let truths = Mutex<[Truth]>([])
  /// The error that ended the thread, if it was not asked to end.
  let failure = Mutex<SourceError?>(nil)
  let commands = DispatchSemaphore(value: 0)
  let answers = DispatchSemaphore(value: 0)
  private let handle = Mutex<pthread_t?>(nil)
  private let stopping = Atomic(false)
  private let write: ModelProducer.Write

  /// N events are written between two looks at whether to end.
  private static let chunk: UInt64 = 256

  init(_ write: @escaping ModelProducer.Write) {
    self.write = write
  }

  var isStopped: Bool { stopping.load(ordering: .acquiring) }

  /// Starts the thread.
  func start(cpu: Int) throws(SourceError) {
    do {
      let thread = try startThread { self.run(cpu: cpu) }
      handle.withLock { $0 = thread }
    } catch {
      stopping.store(true, ordering: .releasing)
      throw error
    }
  }

  private func run(cpu: Int) {
    do throws(SourceError) {
      guard cprocess_pin(Int32(cpu)) == 0 else {
        throw SourceError(call: "sched_setaffinity to CPU \(cpu)", errno: Errno(rawValue: errno))
      }
      try serve()
    } catch {
      failure.withLock { $0 = error }
      answers.signal()
    }
  }

  /// Ends the thread and joins it, so that nothing that its write function captured is used after the return.
  /// - Returns: whether it had not been ended before.
  func stop() -> Bool {
    guard !stopping.exchange(true, ordering: .acquiringAndReleasing) else { return false }
    commands.signal()
    if let thread = handle.withLock({ $0.take() }) { pthread_join(thread, nil) }
    answers.signal()
    return true
  }

  private func serve() throws(SourceError) {
    while true {
      commands.wait()
      if isStopped { return }
      guard let load = loads.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { continue }
      guard let truth = try run(load) else { return }
      truths.withLock { $0.append(truth) }
      answers.signal()
    }
  }

  /// Writes a load, keeping its rate over the bursts; `nil` where it is to end before.
  private func run(_ load: Load) throws(SourceError) -> Truth? {
    let begin = MonotonicClock.now()
    var refused: UInt64 = 0
    var written: UInt64 = 0
    let step = load.spread > 0 ? 1 : load.rate == 0 ? WriterThread.chunk : max(1, load.burst)
    while written < load.count {
      if isStopped { return nil }
      if load.rate > 0, written > 0 {
        WriterThread.sleep(until: begin + UInt64(Double(written) * 1e9 / Double(load.rate)))
      }
      let count = min(step, load.count - written)
      let first = load.first &+ written
      refused += try write(first, count, load.payload(of: first))
      written += count
    }
    return Truth(
      produced: load.count, accepted: load.count - refused, refused: refused, firstErrno: refused == 0 ? 0 : ENOBUFS,
      begin: begin, end: MonotonicClock.now())
  }

  private static func sleep(until time: UInt64) {
    var deadline = timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
    while clock_nanosleep(CLOCK_MONOTONIC, Int32(TIMER_ABSTIME), &deadline, nil) == EINTR {}
  }
}

/// The capabilities that no model has.
package enum ModelRing {
  package static func lacks(_ need: RingNeed) -> String? {
    switch need {
    case .subbuffers: nil
    case .producerProcess: "the model's writer is a thread of this program"
    case .heldWrite, .stopInsideWrite, .nestedWrites: "the model's writer ends each write that it begins"
    case .readerProcess: "the model's memory is this program's own"
    case .switchTimer: "the model has no timer"
    case .control(let control): "the model has no such call (\(control.rawValue))"
    }
  }

  package static func cannot(_ call: String) -> SourceError {
    SourceError(.usage, call: call, detail: "not possible on a model")
  }
}

extension ModelCheckResult {
  /// Makes a record of the study from a check of a design.
  package init(_ check: ScheduleCheck, backend: String, mode: RingMode) {
    self.init(
      backend: backend, mode: mode, schedules: check.schedules, steps: check.steps, exchanges: check.exchanges,
      delivered: check.deliveredEvents, lost: check.lostEvents,
      violations: check.violations.map { Violation(schedule: $0.schedule, seed: $0.seed, what: $0.what) })
  }
}
