import CPlatform
import Glibc
import SubbufferSource
import SystemPackage

/// Runs `body` on one CPU, and gives the thread its affinity mask back.
/// - Throws: what `body` throws, and ``SourceError`` if the thread may not run there.
package func onCPU<Result: ~Copyable>(
  _ cpu: Int, _ body: () throws(SourceError) -> Result
) throws(SourceError) -> Result {
  var before = cprocess_affinity()
  guard cprocess_get_affinity(&before) == 0, cprocess_pin(Int32(cpu)) == 0 else {
    throw SourceError(call: "sched_setaffinity to CPU \(cpu)", errno: Errno(rawValue: errno))
  }
  defer { cprocess_set_affinity(&before) }
  return try body()
}
