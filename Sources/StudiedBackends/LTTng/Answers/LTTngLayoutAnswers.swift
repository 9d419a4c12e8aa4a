import Study

extension LTTngAnswers {
  static let metadataDescribes = "a trace's metadata describes the header of its packets"

  static let acquireRequest = Claim.acquireRequest.answered([
    .lttngModules: .documented("_IO(0xF6, 0x05)", Claim.request(["_IO(0xF6, 0x05)"])),
    .lttngUST: .doesNotApply(to: "an ioctl", "lttng_ust_ctl_get_next_subbuf is a function of a library"),
  ])

  static let noMetaPage = "there is none; a trace's metadata describes the header of its packets"
}
