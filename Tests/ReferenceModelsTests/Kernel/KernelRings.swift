import ReferenceModels
import SubbufferSource

extension KernelModelRing {
  /// A ring buffer whose sub-buffers hold 10 events with a payload of 16 by default: 16 + 10 x 32 bytes.
  static func make(
    _ variant: KernelModelParameters.Variant = .asMerged, _ mode: RingMode = .overwrite,
    size: Int = 336, count: Int = 4
  ) throws(SourceError) -> KernelModelRing {
    try KernelModelRing(
      KernelModelParameters(variant: variant, mode: mode, subbufferSize: size, subbufferCount: count))
  }
}

/// The contents and the loss of one hand-over.
struct SeenHandover: Equatable {
  var sequences: [UInt64] = []
  var loss: Loss
  var channel: LossChannel
  var number: UInt64
}

extension KernelModelSource {
  /// Reads the next sub-buffer, or further events of the current one.
  mutating func next() throws(SourceError) -> SeenHandover? {
    let decoder = decoder
    let visited = try withNext { (subbuffer) throws(SourceError) in
      var seen = SeenHandover(loss: subbuffer.loss, channel: subbuffer.lossChannel, number: subbuffer.number)
      do throws(MalformedSubbuffer) {
        try decoder.forEachSequenceNumber(in: subbuffer) { seen.sequences.append($0) }
      } catch {
        throw SourceError(error)
      }
      return seen
    }
    switch visited {
    case .subbuffer(let seen): return seen
    case .nothingYet, .finished: return nil
    }
  }

  /// Reads everything that is available.
  mutating func all() throws(SourceError) -> [SeenHandover] {
    var seen: [SeenHandover] = []
    while let handover = try next() { seen.append(handover) }
    return seen
  }
}
