import CLTTngModules
import CTFPackets
import SubbufferSource

/// The attributes of a channel of the kernel tracer; `struct lttng_kernel_abi_channel` of `include/lttng/abi.h`, with
/// output `LTTNG_KERNEL_ABI_MMAP`.
public struct ModulesChannelAttributes: Sendable, Hashable {
  /// The behaviour of the writer when all sub-buffers are full.
  public var mode: ChannelMode
  /// The size of a sub-buffer in bytes: a power of two, a page or more.
  public var subbufferSize: Int
  /// The number of sub-buffers for the writer: a power of two, 1 or more in discard and 2 or more in overwrite mode,
  /// which adds one for the reader.
  public var subbufferCount: Int
  /// The period after which the kernel ends partial sub-buffers, in microseconds, rounded to jiffies; 0 for never.
  public var switchTimer: UInt32 = 0
  /// The period in which the kernel checks whether to wake a waiting reader, in microseconds, rounded to jiffies. With
  /// 0 it is never woken: the clients have `RING_BUFFER_WAKEUP_BY_TIMER` (`lttng-ring-buffer-client.h`).
  public var readTimer: UInt32 = 0

  /// Attributes without timers.
  public init(mode: ChannelMode, subbufferSize: Int, subbufferCount: Int) {
    self.mode = mode
    self.subbufferSize = subbufferSize
    self.subbufferCount = subbufferCount
  }

  /// The shape of each stream of such a channel.
  public var geometry: Geometry {
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
