@testable import Study
import Synchronization
import Testing

@Suite struct SideBySideTests {
  @Test(arguments: [(0, 4), (1, 4), (3, 8), (100, 4), (5, 1)]) func eachIsDoneOnce(count: Int, threads: Int) {
    let done = Mutex<[Int]>([])
    SideBySide.forEach(of: count, threads: threads) { index in done.withLock { $0.append(index) } }
    #expect(done.withLock { $0.sorted() } == Array(0..<count))
  }

  /// Each call waits for the other, so calls one after the other would never end.
  @Test(.timeLimit(.minutes(10))) func theyAreDoneAtTheSameTime() {
    let arrived = Atomic<Int>(0)
    SideBySide.forEach(of: 2, threads: 2) { _ in
      arrived.add(1, ordering: .sequentiallyConsistent)
      while arrived.load(ordering: .sequentiallyConsistent) < 2 {}
    }
    #expect(arrived.load(ordering: .sequentiallyConsistent) == 2)
  }
}
