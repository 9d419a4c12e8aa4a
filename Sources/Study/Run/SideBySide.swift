import Glibc
import Platform
import Synchronization

/// Does things in several threads.
enum SideBySide {
  /// Has `body` done once for each index of a range, by N threads, the lower indices begun first; returns when all
  /// are done. The threads run on the calling one's CPUs.
  ///
  /// Where no thread can be started the calling one does the rest.
  static func forEach(of count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let next = Next()
    let work: @Sendable () -> Void = {
      while true {
        let index = next.index.add(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index)
      }
    }
    let started = (1..<max(1, min(threads, count))).compactMap { _ in try? startThread(work) }
    work()
    for thread in started { pthread_join(thread, nil) }
  }

  private final class Next: Sendable {
    let index = Atomic<Int>(0)
  }
}
