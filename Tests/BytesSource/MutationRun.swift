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

/// Gives `count` broken variants of `good` to a decoder and checks what it visits: payloads within the bytes, at or
/// after `unreadOffset`, in order, not more events than bytes, errors at an offset within the bytes.
/// - Returns: the first failure, if any, and how many variants decoded to the end.
public func runMutations(
  _ count: Int, seed: UInt64, of good: [[UInt8]], with decoder: some SubbufferDecoder
) throws(SourceError) -> (failure: MutationFailure?, wellFormed: Int) {
  var mutator = Mutator(seed: seed)
  var source = try BytesSource(decoder: decoder)
  var wellFormed = 0
  for variant in 0..<count {
    let bytes = mutator.mutate(good[variant % good.count])
    source.unreadOffset = variant % 8 == 0 ? mutator.upTo(bytes.count + 16) : 0
    source.fill(bytes)
    let unreadOffset = source.unreadOffset
    var visited = 0
    var position = unreadOffset
    var wrong: String?
    var stop: MalformedSubbuffer?
    _ = try source.withNext { subbuffer in
      do throws(MalformedSubbuffer) {
        try decoder.forEachEvent(in: subbuffer) { event, span in
          visited += 1
          let inside =
            event.payloadOffset >= position && event.payloadCount >= 0 && event.payloadOffset <= span.byteCount
            && event.payloadCount <= span.byteCount - event.payloadOffset
          if !inside, wrong == nil { wrong = "\(event) outside \(span.byteCount) bytes" }
          position = event.payloadOffset
        }
      } catch {
        stop = error
      }
    }
    if visited > bytes.count { wrong = "\(visited) events in \(bytes.count) bytes" }
    if let stop, stop.offset < 0 || stop.offset > bytes.count { wrong = "\(stop) outside" }
    if let wrong { return (MutationFailure(variant: variant, what: wrong), wellFormed) }
    if stop == nil { wellFormed += 1 }
  }
  return (nil, wellFormed)
}
