/// Six numbers of events to write, so that in overwrite mode every second load loses some.
package func loadsWithAndWithoutLoss(_ perRing: UInt64, _ perSubbuffer: UInt64) -> [UInt64] {
  (0..<6).map { $0 % 2 == 0 ? 2 * perRing : 2 * perSubbuffer }
}

/// The payload of events of which few fit into a sub-buffer of 4096 bytes, and leave more room after them than smaller
/// ones, in bytes.
package let largePayload: UInt32 = 2_400
