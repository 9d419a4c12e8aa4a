import CLTTngModules
import SubbufferSource

extension ModulesStream {
  /// Ends the partial sub-buffer, on the writer's CPU; if the produced position does not move by that, makes a packet without
  /// events, outside the ring buffer. Unsafe once the session has ended: the kernel reads freed memory.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_FLUSH_OR_POPULATE_PACKET`, since 2.14.
  /// - Returns: the bytes of that packet; `nil` if none was made.
  /// - Throws: ``SourceError``; the kernel does not know the request before 2.14.
  public func unsafeFlushOrPopulatePacket() throws(SourceError) -> [UInt8]? {
    // The kernel requires room for a sub-buffer.
    var bytes = [UInt8](repeating: 0, count: attributes.subbufferSize)
    var arguments = clm_flush_or_populate_packet()
    let result = bytes.withUnsafeMutableBytes { room in
      arguments.packet = UInt64(UInt(bitPattern: room.baseAddress))
      return clm_call_with(descriptor.rawValue, clm_flush_or_populate_packet_request, &arguments)
    }
    try checked(result, "ioctl RING_BUFFER_FLUSH_OR_POPULATE_PACKET")
    return arguments.packet_populated != 0 ? Array(bytes.prefix(Int(clamping: arguments.packet_length))) : nil
  }
}
