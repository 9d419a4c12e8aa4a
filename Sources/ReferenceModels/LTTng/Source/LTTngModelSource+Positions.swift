import Glibc
import SubbufferSource

extension LTTngModelSource: PositionalSubbufferSource {
  /// The range between the consumed position and the sub-buffer that the writer is in.
  ///
  /// The corresponding C functions are `lttng_ust_ctl_snapshot`, `lttng_ust_ctl_snapshot_get_consumed` and
  /// `lttng_ust_ctl_snapshot_get_produced`.
  public mutating func snapshot() throws(SourceError) -> Range<UInt> {
    try stream.snapshot()
    let consumed = stream.snapshotGetConsumed()
    let produced = stream.snapshotGetProduced()
    guard consumed <= produced else {
      throw SourceError(
        .malformed, call: "lttng_ust_ctl_snapshot", detail: "consumed \(consumed) is beyond produced \(produced)",
        remedy: "create a new channel")
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
    do throws(SourceError) {
      let packet = try unsafePacket()
      return .subbuffer(
        UnsafeHandover(
          start: packet.start, count: packet.header.contentByteCount, unreadOffset: LTTngPacketHeader.byteCount,
          loss: .notTold, lossChannel: .nowhere, number: packet.header.packetSequenceNumber,
          put: UnsafePut("lttng_ust_ctl_put_subbuf", stream.ring.context) { LTTngRing.put($0) { PutSubbuffer($0) } }))
    } catch {
      stream.unsafePutSubbuffer()
      throw error
    }
  }
}

extension LTTngRing {
  /// The context that a hand-over keeps for its release; the source keeps the ring buffer alive.
  var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  /// Runs the operation that releases a hand-over.
  /// - Returns: 0, as the library's calls do whatever happens.
  @inline(__always)
  static func put<Machine: StepMachine>(
    _ context: UnsafeMutableRawPointer, _ machine: (LTTngLayout) -> Machine
  ) -> Int32 {
    let ring = Unmanaged<LTTngRing>.fromOpaque(context).takeUnretainedValue()
    _ = ring.run(machine(ring.layout))
    return 0
  }
}
