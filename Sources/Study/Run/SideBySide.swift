import Glibc
import Synchronization

/// Does things in several threads.
enum SideBySide {
  /// Has `body` done once for each index of a range, by so many threads, the lower indices begun first; returns when all
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
    let started = (1..<max(1, min(threads, count))).compactMap { _ in thread(work) }
    work()
    for thread in started { pthread_join(thread, nil) }
  }

  private static func thread(_ work: @escaping @Sendable () -> Void) -> pthread_t? {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Work(run: work))
    let error = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, box.toOpaque())
    guard error == 0 else {
      box.release()
      return nil
    }
    return thread
  }

  private final class Next: Sendable {
    let index = Atomic<Int>(0)
  }

  private final class Work: Sendable {
    let run: @Sendable () -> Void

    init(run: @escaping @Sendable () -> Void) {
      self.run = run
    }
  }
}
