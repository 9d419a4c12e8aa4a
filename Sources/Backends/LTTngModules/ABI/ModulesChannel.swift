import CLTTngModules
import CTFPackets
import Platform
import SubbufferSource
import Synchronization
import SystemPackage

/// A channel of the kernel tracer, one ring buffer for each CPU.
package final class ModulesChannel: Sendable {
  /// The attributes with which it was made.
  package let attributes: ModulesChannelAttributes

  /// The channel's own file, and the streams that were opened on the way to another, by CPU.
  private let state: Mutex<State?>

  private struct State {
    let file: OwnedDescriptor
    var untaken: [Int: OwnedDescriptor] = [:]
    /// The CPUs whose stream has been taken before.
    var taken: Set<Int> = []
  }

  /// Makes a channel.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_CHANNEL`.
  init(_ session: OwnedDescriptor, _ attributes: ModulesChannelAttributes) throws(SourceError) {
    var argument = attributes.argument
    let file = OwnedDescriptor(
      inheritable:
        try session.call(
          clm_channel_request, "ioctl CHANNEL", &argument,
          remedy: "sizes and numbers of sub-buffers are powers of two, a page and 2 or more; "
            + "modprobe lttng-ring-buffer-client-mmap-discard lttng-ring-buffer-client-mmap-overwrite"))
    self.attributes = attributes
    state = Mutex(State(file: file))
  }

  /// Has the logger's event recorded.
  ///
  /// The corresponding ioctls are `LTTNG_KERNEL_ABI_EVENT` and `LTTNG_KERNEL_ABI_ENABLE`.
  /// - Returns: the event's file.
  func recordLogger() throws(SourceError) -> OwnedDescriptor {
    var argument = clm_event()
    withUnsafeMutableBytes(of: &argument.name) { $0.copyBytes(from: "lttng_logger".utf8) }
    argument.instrumentation = CLM_TRACEPOINT.rawValue
    return try state.withLock { state throws(SourceError) in
      guard let file = state?.file else { throw ModulesChannel.closed }
      let event = OwnedDescriptor(inheritable: try file.call(clm_event_request, "ioctl EVENT lttng_logger", &argument))
      try event.call(clm_enable_request, "ioctl ENABLE lttng_logger")
      return event
    }
  }

  /// Opens the stream of a CPU.
  ///
  /// The kernel chooses: each call opens the ring buffer of the next CPU that has no reader. So those before it are
  /// opened as well, and kept for who asks for them.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_STREAM`.
  /// - Throws: ``SourceError`` with `ENOENT` where the stream has a reader, or there is no such CPU: no ring buffer is
  ///   without a reader then.
  package func stream(cpu: Int) throws(SourceError) -> ModulesStream {
    let (descriptor, isFirst) = try state.withLock { state throws(SourceError) in
      guard state != nil else { throw ModulesChannel.closed }
      while true {
        if let stream = state?.untaken.removeValue(forKey: cpu) {
          return (stream, state?.taken.insert(cpu).inserted ?? false)
        }
        guard let file = state?.file else { throw ModulesChannel.closed }
        let result = clm_call(file.rawValue, clm_stream_request)
        if result == -Errno.noSuchFileOrDirectory.rawValue {
          throw SourceError(
            call: "ioctl STREAM for CPU \(cpu)", errno: .noSuchFileOrDirectory,
            detail: "every ring buffer of the channel has a reader",
            remedy: "a stream has one reader; close the other reader first")
        }
        let stream = OwnedDescriptor(inheritable: try checked(result, "ioctl STREAM"))
        var instance: UInt64 = 0
        try stream.call(clm_instance_id_request, "ioctl RING_BUFFER_INSTANCE_ID", &instance)
        state?.untaken[Int(truncatingIfNeeded: instance)] = stream
      }
    }
    return try ModulesStream(descriptor, cpu: cpu, attributes, isFirst: isFirst)
  }

  /// Closes the channel's file and the streams without a reader.
  func close() {
    state.withLock { $0 = nil }
  }

  private static var closed: SourceError {
    SourceError(.usage, call: "ioctl of a channel", detail: "the session has ended")
  }
}

/// The attributes of a channel of the kernel tracer; `struct lttng_kernel_abi_channel` of `include/lttng/abi.h`, with
/// output `LTTNG_KERNEL_ABI_MMAP`.
package struct ModulesChannelAttributes: Sendable, Hashable {
  /// The behaviour of the writer when all sub-buffers are full.
  package var mode: RingMode
  /// The size of a sub-buffer in bytes: a power of two, a page or more.
  package var subbufferSize: Int
  /// The number of sub-buffers for the writer: a power of two, 1 or more in discard and 2 or more in overwrite mode,
  /// which adds one for the reader.
  package var subbufferCount: Int
  /// The period after which the kernel ends partial sub-buffers, in microseconds, rounded to jiffies; 0 for never.
  package var switchTimer: UInt32 = 0
  /// The period in which the kernel checks whether to wake a waiting reader, in microseconds, rounded to jiffies. With
  /// 0 it is never woken: the clients have `RING_BUFFER_WAKEUP_BY_TIMER` (`lttng-ring-buffer-client.h`).
  package var readTimer: UInt32 = 0

  /// Attributes without timers.
  package init(mode: RingMode, subbufferSize: Int, subbufferCount: Int) {
    self.mode = mode
    self.subbufferSize = subbufferSize
    self.subbufferCount = subbufferCount
  }

  /// The shape of each stream of such a channel.
  package var geometry: Geometry {
    let own = mode == .overwrite ? 1 : 0
    return Geometry(subbufferSize: subbufferSize, subbufferCount: subbufferCount + own, readerSubbuffers: own)
  }

  /// The argument of the ioctl; nothing is checked, since the kernel's answer may be what is asked for.
  var argument: clm_channel {
    var argument = clm_channel()
    argument.subbuf_size = UInt64(subbufferSize)
    argument.num_subbuf = UInt64(subbufferCount)
    argument.switch_timer_interval = switchTimer
    argument.read_timer_interval = readTimer
    argument.output = CLM_OUTPUT_MMAP.rawValue
    argument.overwrite = mode == .overwrite ? 1 : 0
    return argument
  }
}
