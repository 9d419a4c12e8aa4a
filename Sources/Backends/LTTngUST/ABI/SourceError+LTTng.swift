import CLTTngUST
import Platform
import SubbufferSource
import SystemPackage

extension SourceError {
  /// The failure of a call that answers with a negative errno value, or with a negative code of
  /// `enum lttng_ust_error_code` in `<lttng/ust-error.h>`, which begins at 1024.
  init(_ call: String, result: some BinaryInteger, remedy: String = "") {
    let code = Int32(truncatingIfNeeded: result)
    var buffer = [CChar](repeating: 0, count: 128)
    clu_describe(code, &buffer, buffer.count)
    if code < 0, code > CLU_ERR {
      self.init(call: call, errno: Errno(rawValue: -code), remedy: remedy)
    } else {
      let text = buffer.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      self.init(call: call, detail: "\(text) (LTTng-UST result \(code))", remedy: remedy)
    }
  }
}

/// Passes a result on, or throws it where it is negative.
@discardableResult
func checked(
  _ result: Int32, _ call: @autoclosure () -> String, remedy: @autoclosure () -> String = ""
) throws(SourceError) -> Int32 {
  if result < 0 { throw SourceError(call(), result: result, remedy: remedy()) }
  return result
}

extension OwnedDescriptor {
  /// Takes over the descriptor that a call returned, or throws its failure.
  convenience init(_ result: Int32, from call: @autoclosure () -> String, remedy: String = "") throws(SourceError) {
    self.init(try checked(result, call(), remedy: remedy))
  }
}
