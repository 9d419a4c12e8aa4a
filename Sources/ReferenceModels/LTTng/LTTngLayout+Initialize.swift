extension LTTngLayout {
  /// Makes a ring buffer out of zeroed memory: every sub-buffer in its place, and the first packet begun;
  /// `lib_ring_buffer_backend_allocate` and `lib_ring_buffer_create`.
  func initialize<Memory: AtomicMemory>(_ memory: inout Memory) {
    for index in 0..<subbufferCount {
      memory.store(LTTngSubbufferID(subbuffer: index, in: mode).rawValue, to: writerID(index), .relaxed)
    }
    let own = mode == .overwrite ? subbufferCount : 0
    memory.store(LTTngSubbufferID(subbuffer: own, in: mode).rawValue, to: readerID, .relaxed)

    let headerSize = UInt64(LTTngPacketHeader.byteCount)
    memory.store(headerSize, to: offset, .relaxed)
    memory.store(LTTngSubbufferID(subbuffer: 0, in: mode).referenced.rawValue, to: writerID(0), .relaxed)
    let timestamp = memory.fetchAdd(clock, 1, .relaxed)
    for field in LTTngPacketHeader.Field.allCases {
      memory.store(
        beginning(field, timestamp: timestamp, packetCount: 0, index: 0), to: words(ofSubbuffer: 0) + field.rawValue,
        .relaxed)
    }
    memory.store(headerSize, to: commitCount(0), .relaxed)
    memory.store(headerSize, to: commitSequence(0), .release)
  }
}
