import Platform
import Results
import Study
import SubbufferSource

extension LTTngAnswers {
  package static let severalReaders = Claim.severalReaders.answered([
    .lttngUST: .documented("one reader for each stream; a second create_stream is refused", isRefused),
    .lttngModules: .documented("one reader for each stream; a second STREAM is refused", isRefused),
  ])

  package static let oneReader = "a stream has one reader; a second is refused"

  package static let isRefused: Expectation.Judge = { seen in
    let second = try seen["second create_stream of the CPU"]
    guard second == "NULL" || second.hasPrefix("-") else { return Answer("accepted", isExpected: false) }
    let isUndisturbed = try seen["get_next_subbuf of the first reader then"] == "0"
    let code = try seen.code("second create_stream of the CPU")
    return Answer(
      isUndisturbed ? "refused: \(code)" : "refused: \(code), first reader fails", isExpected: isUndisturbed)
  }
}

extension LTTngStudy {
  /// More than one reader.
  package var readersProbes: [Probe] {
    [
      probe(LTTngAnswers.severalReaders) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.add("second create_stream of the CPU", ring.openAgain())
        try ring.write(8)
        try stream.flush(producerActive: true)
        evidence.add("get_next_subbuf of the first reader then", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
      }
    ]
  }
}

extension LTTngAnswers {
  package static let fixedSize = "the size of a channel is fixed; there is no call to change it"

  package static let noSplice = Expectation.doesNotApply(
    to: "splice",
    "a user-space channel can only be mapped: lttng_ust_ctl_create_channel accepts LTTNG_UST_ABI_MMAP only")

  package static let mapOrSplice = Expectation.doesNotApply(
    to: "splice next to a mapping",
    "a channel is made for mmap or for splice (LTTNG_KERNEL_ABI_MMAP, LTTNG_KERNEL_ABI_SPLICE)")
}
