import CapturedSubbuffers
import SubbufferSource

/// Sub-buffers that were copied out of a live ring buffer, in memory of one's own.
final class Captured {
  /// All of them, as they lie in a file.
  let bytes: UnsafeRawBufferPointer
  /// Each from its header to the end of its last event.
  let list: UnsafeBufferPointer<UnsafeRawBufferPointer>

  /// - Parameter split: finds the sub-buffers in the bytes.
  init(
    _ bytes: [UInt8], split: (UnsafeRawBufferPointer) throws(SourceError) -> [UnsafeRawBufferPointer]
  ) throws(SourceError) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 4096)
    copy.copyBytes(from: bytes)
    self.bytes = UnsafeRawBufferPointer(copy)
    let subbuffers = try split(UnsafeRawBufferPointer(copy))
    let list = UnsafeMutableBufferPointer<UnsafeRawBufferPointer>.allocate(capacity: subbuffers.count)
    _ = list.initialize(from: subbuffers)
    self.list = UnsafeBufferPointer(list)
  }

  deinit {
    bytes.deallocate()
    list.deallocate()
  }
}
