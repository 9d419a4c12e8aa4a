import Results
import Study

extension ABI {
  /// LTTng's ring buffer, whatever the tracer.
  package static let lttng = ABI("lttng")
  /// LTTng's ring buffer, as its kernel tracer has it: lttng-modules 2.13, and later versions where they agree with it.
  package static let lttngModules = ABI("lttng-modules")
  /// The same where lttng-modules 2.14 and later have or state something else.
  package static let lttngModules2_14 = ABI("lttng-modules 2.14")
  /// LTTng's ring buffer, as its user-space tracer has it: lttng-ust 2.13, and later versions where they agree with it.
  package static let lttngUST = ABI("lttng-ust")
  /// The same where lttng-ust 2.14 and later have or state something else.
  package static let lttngUST2_14 = ABI("lttng-ust 2.14")
  /// The same where lttng-ust 2.15 and later state another behaviour.
  package static let lttngUST2_15 = ABI("lttng-ust 2.15")
}
