import Study

extension KernelAnswers {
  static let layoutFor32Bits = Claim.layoutFor32Bits.answered([
    .kernel: .documented("yes: structure, fields and events are the same") { seen in
      try Claim.readBy32Bits(seen, ["sizeof", "meta page", "events"])
    }
  ])

  static let ioctlFor32Bits = Claim.ioctlFor32Bits.answered([
    .kernel: .assumed(
      "from both: yes, the ioctl returns 0 and the sub-buffer with the next events",
      reaching: [.worked("64 bits: ioctl then")]
    ) { seen in
      if try !seen.works("32 bits: ioctl") {
        return try Answer("no: \(seen.code("32 bits: ioctl"))", isExpected: false)
      }
      let isNew = try seen["32 bits: reader.id after it"] != seen["reader.id before it"]
      return Answer(isNew ? "yes" : "yes, but nothing new", expected: "yes")
    }
  ])
}
