import Study

extension ABI {
  /// The kernel's memory-mapped ring buffer, as merged in Linux 6.10 and later.
  static let kernel = ABI("kernel")
  /// The same as posted in v11, in January 2024.
  static let kernelV11 = ABI("kernel v11")
  /// LTTng's ring buffer, as its kernel tracer has it: lttng-modules 2.13, and later versions where they agree with it.
  static let lttngModules = ABI("lttng-modules")
  /// The same where lttng-modules 2.14 and later have or state something else.
  static let lttngModules2_14 = ABI("lttng-modules 2.14")
  /// LTTng's ring buffer, as its user-space tracer has it: lttng-ust 2.13, and later versions where they agree with it.
  static let lttngUST = ABI("lttng-ust")
  /// The same where lttng-ust 2.14 and later have or state something else.
  static let lttngUST2_14 = ABI("lttng-ust 2.14")
  /// The same where lttng-ust 2.15 and later state another behaviour.
  static let lttngUST2_15 = ABI("lttng-ust 2.15")
  /// LTTng's ring buffer, whatever the tracer.
  static let lttng = ABI("lttng")
}
