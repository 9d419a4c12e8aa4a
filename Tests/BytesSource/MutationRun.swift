import SubbufferSource

/// The first failure of a decoder on broken bytes.
public struct MutationFailure: Sendable, CustomStringConvertible {
  /// The number of the variant, from 0; with the seed it repeats the failure.
  public var variant: Int
  /// The broken rule.
  public var what: String

  /// The variant and the broken rule in one line.
  public var description: String { "variant \(variant): \(what)" }
}

/// Passes `count` broken variants of `good` to a decoder and checks the results against the rules of ``DecodingTrial``.
/// - Parameter further: checks the further rules of the decoder's format and returns the first broken one.
/// - Returns: the first failure, if any, and the number of variants decoded without an error.
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
