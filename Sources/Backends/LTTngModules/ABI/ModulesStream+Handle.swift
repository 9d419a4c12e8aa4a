import CLTTngModules
import Glibc
import SubbufferSource

/// The stream's file as a pointer, for calls that take one: the descriptor and 1.
extension ModulesStream {
  /// The stream's own file, for a call in a process that was forked from this one. It is open as long as this value lives.
  public var unsafeHandle: UnsafeMutableRawPointer? {
    UnsafeMutableRawPointer(bitPattern: Int(descriptor.rawValue) + 1)
  }

  /// Takes the next sub-buffer of a stream that is given as its ``unsafeHandle``: 0 or a negative errno.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_NEXT_SUBBUF`.
  public static let unsafeGetNextSubbufferOfHandle: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = {
    clm_call(Int32(Int(bitPattern: $0) - 1), clm_get_next_subbuf_request)
  }
}
