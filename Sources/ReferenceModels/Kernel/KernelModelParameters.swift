import SubbufferSource

/// The parameters of a model of the kernel's ring buffer.
package struct KernelModelParameters: Sendable, Hashable {
  /// The two states of the mapping interface.
  package enum Variant: String, Sendable, Hashable, CaseIterable {
    /// As merged in Linux 6.10 (kernel/trace/ring_buffer.c, `ring_buffer_map_get_reader`): the ioctl reports lost
    /// events in the header of the sub-buffer that it exchanged, and sets `lost_events` to 0 before it updates the meta
    /// page.
    case asMerged
    /// As V. Donnefort posted it on 2024-01-11 ("[PATCH v11 2/5] ring-buffer: Introducing ring-buffer mapping functions",
    /// Message-ID 20240111161712.1480333-3-vdonnefort@google.com): the ioctl leaves the sub-buffer's header alone, and
    /// nothing on the path of the mapping clears `lost_events`, so that the meta page repeats it until the next loss.
    ///
    /// S. Rostedt had posted the flags of the header two days before, as a patch of his own on top ("[PATCH v3]
    /// ring-buffer: Have mmapped ring buffer keep track of missed events", 2024-01-09); v11 does not contain it.
    case asPostedInV11
  }

  /// The modelled state of the interface.
  package let variant: Variant
  /// The behaviour when the ring buffer is full.
  package let mode: RingMode
  /// The size of a sub-buffer in bytes, its header of 16 bytes included: a multiple of 8, from 32 to 2^20.
  package let subbufferSize: Int
  /// The number of sub-buffers that the writer has, the reader's own not counted (`nr_pages`): from 2 to 2^20.
  package let subbufferCount: Int

  /// Describes a ring buffer.
  /// - Throws: ``SubbufferSource/SourceError`` of kind `usage` where a size or a number is out of its range.
  package init(variant: Variant, mode: RingMode, subbufferSize: Int, subbufferCount: Int) throws(SourceError) {
    guard subbufferSize % 8 == 0, subbufferSize >= 32, subbufferSize <= 1 << 20, subbufferCount >= 2,
      subbufferCount <= 1 << 20
    else {
      throw SourceError(
        .usage, call: "kernel model", detail: "\(subbufferCount) sub-buffers of \(subbufferSize) bytes",
        remedy: "choose 2 to 2^20 sub-buffers of 32 to 2^20 bytes, in steps of 8 bytes")
    }
    self.variant = variant
    self.mode = mode
    self.subbufferSize = subbufferSize
    self.subbufferCount = subbufferCount
  }

  /// The shape as a reader sees it: `nr_subbufs` of the meta page includes the reader's own.
  package var geometry: Geometry {
    Geometry(subbufferSize: subbufferSize, subbufferCount: subbufferCount + 1, readerSubbuffers: 1)
  }

  /// The bytes of a sub-buffer after its header (`subbuf_size` inside the kernel).
  package var dataSize: Int { subbufferSize - KernelSubbufferFormat.headerSize }
}
