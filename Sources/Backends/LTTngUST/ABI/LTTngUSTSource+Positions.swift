import CLTTngUST
import CTFPackets
import Glibc
import SubbufferSource
import SystemPackage

extension LTTngUSTSource: PositionalSubbufferSource {
  /// The range between the consumed position and the sub-buffer that the writer is in.
  ///
  /// The corresponding C functions are `lttng_ust_ctl_snapshot`, `lttng_ust_ctl_snapshot_get_consumed` and
  /// `lttng_ust_ctl_snapshot_get_produced`.
  public mutating func snapshot() throws(SourceError) -> Range<UInt> {
    try stream.snapshot()
    let consumed = try stream.snapshotGetConsumed()
    let produced = try stream.snapshotGetProduced()
    // Positions count modulo the word size. A range that wraps would take 2^64 bytes to come about.
    guard consumed <= produced else {
      throw SourceError(
        .malformed, call: "lttng_ust_ctl_snapshot", detail: "consumed \(consumed) is beyond produced \(produced)",
        remedy: "open the session again")
    }
    return consumed..<produced
  }

  /// Takes the sub-buffer at a position; nothing is said about losses, since positions may be read in any order.
  ///
  /// The corresponding C functions are `lttng_ust_ctl_get_subbuf` and, for the release, `lttng_ust_ctl_put_subbuf`.
  public mutating func unsafeAcquire(at position: UInt) throws(SourceError) -> UnsafeOutcome {
    let result = stream.unsafeGetSubbufferResult(at: position)
    if result == -EAGAIN { return .nothingYet }
    if result == -ENODATA { return .finished }
    try checked(result, "lttng_ust_ctl_get_subbuf at \(position)")
    do throws(SourceError) {
      var offset: UInt = 0
      let found = stream.unsafeGetMmapReadOffsetResult(&offset)
      let packet = try unsafePacket(found, offset)
      return .subbuffer(
        UnsafeHandover(
          start: packet.start, count: packet.header.contentByteCount, unreadOffset: PacketHeader.byteCount,
          loss: .notTold, lossChannel: .nowhere, number: packet.header.packetSequenceNumber,
          put: UnsafePut("lttng_ust_ctl_put_subbuf", UnsafeMutableRawPointer(stream.pointer)) {
            clu_put_subbuf(OpaquePointer($0))
          }))
    } catch {
      _ = try? stream.unsafePutSubbuffer()
      throw error
    }
  }
}
