import AllocationCounter
import CLoops
import SubbufferSource

/// The number of times that this thread allocates in one run of the read loop over a fill.
/// - Parameter check: throws if the loop did not read the load.
func allocationsOf(
  check: (cloops_sum) throws(SourceError) -> Double = { (sum) throws(SourceError) in
    try Fill.perSubbuffer(0, sum, "Swift")
  }, _ loop: (inout cloops_sum) throws(SourceError) -> Void
) throws(SourceError) -> UInt64 {
  let before = allocation_count()
  guard before > 0 else {
    throw SourceError(
      .unavailable, call: "count allocations", detail: "the program has made none so far",
      remedy: "link AllocationCounter, whose malloc counts, into it")
  }
  var sum = cloops_sum()
  try loop(&sum)
  let count = allocation_count() - before
  _ = try check(sum)
  return count
}
