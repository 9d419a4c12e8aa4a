import CLTTngModules
import CTFPackets
import Glibc
import SubbufferSource
import SystemPackage

extension LTTngModulesSource: PositionalSubbufferSource {
  /// The range between the consumed position and the sub-buffer that the writer is in.
  ///
  /// The corresponding ioctls are `LTTNG_KERNEL_ABI_RING_BUFFER_SNAPSHOT`,
  /// `LTTNG_KERNEL_ABI_RING_BUFFER_SNAPSHOT_GET_CONSUMED` and `LTTNG_KERNEL_ABI_RING_BUFFER_SNAPSHOT_GET_PRODUCED`.
  public mutating func snapshot() throws(SourceError) -> Range<UInt> {
    try checked(stream.snapshot(), "ioctl RING_BUFFER_SNAPSHOT")
    let consumed = try stream.snapshotGetConsumed()
    let produced = try stream.snapshotGetProduced()
    // Positions count modulo the word size. A range that wraps would take 2^64 bytes to come about.
    guard consumed <= produced else {
      throw SourceError(
        .malformed, call: "ioctl RING_BUFFER_SNAPSHOT", detail: "consumed \(consumed) is beyond produced \(produced)",
        remedy: "open the session again")
    }
    return consumed..<produced
  }

  /// Takes the sub-buffer at a position; nothing is said about losses, since positions may be read in any order.
  ///
  /// The corresponding ioctls are `LTTNG_KERNEL_ABI_RING_BUFFER_GET_SUBBUF` and, for the release,
  /// `LTTNG_KERNEL_ABI_RING_BUFFER_PUT_SUBBUF`.
  public mutating func unsafeAcquire(at position: UInt) throws(SourceError) -> UnsafeOutcome {
    let result = stream.unsafeGetSubbuffer(at: position)
    if result == -EAGAIN { return .nothingYet }
    if result == -ENODATA { return .finished }
    try checked(result, "ioctl RING_BUFFER_GET_SUBBUF at \(position)")
    do throws(SourceError) {
      var offset: UInt = 0
      let found = stream.unsafeGetMmapReadOffsetResult(&offset)
      let packet = try unsafePacket(found, offset)
      return .subbuffer(
        UnsafeHandover(
          start: packet.start, count: packet.header.contentByteCount, unreadOffset: PacketHeader.byteCount,
          loss: .notTold, lossChannel: .nowhere, number: packet.header.packetSequenceNumber,
          put: UnsafePut("ioctl RING_BUFFER_PUT_SUBBUF", putContext) {
            clm_call(Int32(Int(bitPattern: $0) - 1), clm_put_subbuf_request)
          }))
    } catch {
      _ = stream.unsafePutSubbuffer()
      throw error
    }
  }
}
