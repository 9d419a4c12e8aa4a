import Study

extension LTTngAnswers {
  static let fixedSize = "the size of a channel is fixed; there is no call to change it"

  static let noSplice = Expectation.doesNotApply(
    to: "splice",
    "a user-space channel can only be mapped: lttng_ust_ctl_create_channel accepts LTTNG_UST_ABI_MMAP only")

  static let mapOrSplice = Expectation.doesNotApply(
    to: "splice next to a mapping",
    "a channel is made for mmap or for splice (LTTNG_KERNEL_ABI_MMAP, LTTNG_KERNEL_ABI_SPLICE)")
}
