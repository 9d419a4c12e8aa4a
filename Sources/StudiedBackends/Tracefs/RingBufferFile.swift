import Glibc
import SubbufferSource
import SystemPackage

/// The ring buffer's `trace_pipe_raw`, opened once more, for what the one-to-one layer does not do with it.
struct RingBufferFile: ~Copyable {
  let descriptor: Int32

  /// Opens it.
  /// - Parameter flags: besides `O_CLOEXEC`. A file that is opened for reading only is refused a writable mapping
  /// before
  ///   the ring buffer is asked.
  init(_ ring: TracefsRing, _ flags: Int32 = O_RDWR) throws(SourceError) {
    let path = ring.instance.ringBufferPath(cpu: ring.cpu)
    descriptor = open(path, flags | O_CLOEXEC)
    guard descriptor >= 0 else { throw SourceError(call: "open \(path)", errno: Errno(rawValue: errno)) }
  }

  deinit {
    close(descriptor)
  }
}

extension TracefsMapping {
  /// The length of a mapping of everything: the meta page and all sub-buffers, in bytes.
  var wholeLength: Int { Int(metaPage.metaPageSize) + geometry.subbufferSize * geometry.subbufferCount }
}
