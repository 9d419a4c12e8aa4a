import SubbufferSource

/// What went wrong first when a decoder was given broken bytes.
public struct MutationFailure: Sendable, CustomStringConvertible {
  /// The number of the variant, from 0; with the seed it repeats the failure.
  public var variant: Int
  /// What went wrong.
  public var what: String

  /// Both in one line.
  public var description: String { "variant \(variant): \(what)" }
}

/// Gives `count` broken variants of `good` to a decoder and holds it against the rules of ``DecodingTrial``.
/// - Parameter further: further rules of that decoder's format, after those; it returns the first that was broken.
/// - Returns: the first failure, if any, and how many variants decoded to the end.
public func runMutations<Decoder: SubbufferDecoder>(
  _ count: Int, seed: UInt64, of good: [[UInt8]], with decoder: Decoder,
  further: (inout DecodingTrial<Decoder>, [UInt8]) throws(SourceError) -> String? = { _, _ in nil }
) throws(SourceError) -> (failure: MutationFailure?, wellFormed: Int) {
  var mutator = Mutator(seed: seed)
  var trial = try DecodingTrial(decoder: decoder)
  var wellFormed = 0
  for variant in 0..<count {
    let bytes = mutator.mutate(good[variant % good.count])
    let unreadOffset = variant % 8 == 0 ? mutator.upTo(bytes.count + 16) : 0
    var wrong = try trial.firstBrokenRule(bytes, unreadOffset: unreadOffset)
    if trial.all.malformed == nil { wellFormed += 1 }
    if wrong == nil { wrong = try further(&trial, bytes) }
    if let wrong { return (MutationFailure(variant: variant, what: wrong), wellFormed) }
  }
  return (nil, wellFormed)
}
