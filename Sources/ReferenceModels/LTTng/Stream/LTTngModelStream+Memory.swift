/// The addresses of the sub-buffers, and the header fields of the reader's one.
extension LTTngModelStream {
  /// The address of the sub-buffers in this process.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_mmap_base`.
  public func getMmapBase() -> UnsafeMutableRawPointer {
    ring.words.baseAddress + ring.layout.firstSubbuffer * SharedWords.wordSize
  }

  /// The size of all sub-buffers in bytes, the reader's own included.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_mmap_len`.
  public func getMmapLength() -> UInt {
    UInt(ring.layout.mappedLength)
  }

  /// The offset of the held sub-buffer, in bytes after ``getMmapBase()``.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_mmap_read_offset`.
  @inline(__always)
  public func unsafeGetMmapReadOffset() -> UInt {
    UInt(heldID.subbuffer) * UInt(ring.layout.subbufferSize)
  }

  /// The size of every sub-buffer, in bytes.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_max_subbuf_size`.
  public func getMaxSubbufferSize() -> UInt {
    UInt(ring.layout.subbufferSize)
  }

  /// The content size of the held sub-buffer in bytes, header included.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_subbuf_size`.
  public func unsafeGetSubbufferSize() -> UInt {
    UInt(ring.words.readPlain(ring.layout.dataSize(heldID.subbuffer)))
  }

  /// The same, rounded up to whole pages, or to the sub-buffer where that is smaller.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_padded_subbuf_size`.
  public func unsafeGetPaddedSubbufferSize() -> UInt {
    UInt(ring.layout.pageAligned(UInt64(unsafeGetSubbufferSize())))
  }

  // MARK: The packet that is held

  /// When the packet was begun, in readings of the model's clock.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_timestamp_begin`.
  public func unsafeGetTimestampBegin() -> UInt64 { field(.timestampBegin) }

  /// When the last event of the packet was reserved, in readings of the model's clock.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_timestamp_end`.
  public func unsafeGetTimestampEnd() -> UInt64 { field(.timestampEnd) }

  /// The number of events that had been discarded when the packet was ended, since the ring buffer was made.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_events_discarded`.
  public func unsafeGetEventsDiscarded() -> UInt64 { field(.eventsDiscarded) }

  /// The content size of the packet in bits, header included.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_content_size`.
  public func unsafeGetContentSize() -> UInt64 { field(.contentSize) }

  /// The size of the packet in bits, padded to whole pages.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_packet_size`.
  public func unsafeGetPacketSize() -> UInt64 { field(.packetSize) }

  /// The packet's number, counted from 0.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_sequence_number`.
  public func unsafeGetSequenceNumber() -> UInt64 { field(.packetSequenceNumber) }

  /// The CPU of the ring buffer.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_instance_id`.
  public func getInstanceID() -> UInt64 { UInt64(ring.layout.cpu) }

  /// The time now as the writer would put it into an event, in readings of the model's clock; the clock goes on with
  /// each of them.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_current_timestamp`.
  public func getCurrentTimestamp() -> UInt64 {
    ring.words.fetchAdd(ring.layout.clock, 1, .relaxed)
  }

  /// The sub-buffer that the reader has; `buf_rsb.id`.
  @inline(__always)
  private var heldID: LTTngSubbufferID {
    LTTngSubbufferID(rawValue: ring.words.readPlain(ring.layout.readerID))
  }

  /// A field of its header; `lib_ring_buffer_read_offset_address`, which finds fault with a sub-buffer that is not held
  /// in overwrite mode, and reads it all the same.
  private func field(_ field: LTTngPacketHeader.Field) -> UInt64 {
    let id = heldID
    if ring.layout.mode == .overwrite, id.isNotReferenced {
      _ = ring.words.fetchAdd(ring.layout.recordDisabled(in: .consumer), 1, .relaxed)
    }
    return ring.words.readPlain(ring.layout.words(ofSubbuffer: id.subbuffer) + field.rawValue)
  }
}
