import Glibc

/// The CPU time and context switches of the calling thread since it was started.
struct ThreadCost {
  /// CPU time, in nanoseconds: `clock_gettime(CLOCK_THREAD_CPUTIME_ID)`.
  let cpu: UInt64
  /// The number of times that it slept: the voluntary context switches of `getrusage(RUSAGE_THREAD)`.
  let sleeps: UInt64
  /// The number of times that its CPU was taken away: the involuntary ones.
  let preemptions: UInt64

  /// `RUSAGE_THREAD` (include/uapi/linux/resource.h), which the Glibc module does not have.
  private static let callingThread: Int32 = 1

  /// Up to now.
  static func now() -> ThreadCost {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    var usage = rusage()
    getrusage(callingThread, &usage)
    return ThreadCost(
      cpu: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec), sleeps: UInt64(usage.ru_nvcsw),
      preemptions: UInt64(usage.ru_nivcsw))
  }
}
