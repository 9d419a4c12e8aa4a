/// How many events to write, six times, so that in overwrite mode some are lost every other time.
func loadsWithAndWithoutLoss(_ perRing: UInt64, _ perSubbuffer: UInt64) -> [UInt64] {
  (0..<6).map { $0 % 2 == 0 ? 2 * perRing : 2 * perSubbuffer }
}

/// The payload of events of which few fit into a sub-buffer of 4096 bytes, and leave more room behind them than smaller
/// ones, in bytes.
let largePayload: UInt32 = 2_400
