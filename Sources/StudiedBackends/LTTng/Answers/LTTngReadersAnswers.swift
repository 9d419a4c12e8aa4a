import Study

extension LTTngAnswers {
  static let severalReaders = Claim.severalReaders.answered([
    .lttngUST: .documented("one reader for each stream; a second create_stream is refused", Claim.isRefused),
    .lttngModules: .documented("one reader for each stream; a second STREAM is refused", Claim.isRefused),
  ])

  static let oneReader = "a stream has one reader; a second is refused"
}
