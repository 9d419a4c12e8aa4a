import Glibc

/// CLOCK_MONOTONIC, the clock of the producers and of both ring buffers.
public enum MonotonicClock {
  /// Now, in nanoseconds.
  @inline(__always)
  public static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(bitPattern: Int64(time.tv_sec)) &* 1_000_000_000 &+ UInt64(bitPattern: Int64(time.tv_nsec))
  }

  /// The median time between two readings of the clock with nothing between them, in nanoseconds.
  static func overhead() -> UInt64 {
    let samples = (0..<10_001).map { _ in
      let before = now()
      return now() - before
    }
    return samples.sorted()[samples.count / 2]
  }
}
