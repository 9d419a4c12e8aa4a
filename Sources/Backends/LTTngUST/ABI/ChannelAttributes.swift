import CLTTngUST
import CTFPackets
import Glibc
import Platform
import SubbufferSource

/// The attributes of a channel; `struct lttng_ust_ctl_consumer_channel_attr` of `<lttng/ust-ctl.h>`.
public struct ChannelAttributes: Sendable, Hashable {
  /// The behaviour of the writer when all sub-buffers are full.
  public var mode: RingMode
  /// The size of a sub-buffer in bytes: a power of two, 4096 or more.
  public var subbufferSize: Int
  /// The number of sub-buffers for the writer, a power of two: 2 or more; up to LTTng-UST 2.14, 1 or more in discard mode.
  /// The library may add one for the reader.
  public var subbufferCount: Int
  /// The period after which the reader's library ends partial sub-buffers, in microseconds; 0 for never.
  public var switchTimer: UInt32 = 0
  /// The period in which the reader's library checks whether to wake the reader, in microseconds; with 0 the writer
  /// does.
  public var readTimer: UInt32 = 0
  /// The time that the writer waits for room instead of discarding, in microseconds; 0 for no wait, -1 for ever. With
  /// anything but 0 the traced process is told that it may wait (`LTTNG_UST_ALLOW_BLOCKING`).
  public var blockingTimeout: Int64 = 0
  /// Becomes `stream_id` in the packet headers.
  public var channelID: UInt32 = 0
  /// Becomes `uuid` in the packet headers.
  public var uuid = TraceUUID(high: .random(in: .min ... .max), low: .random(in: .min ... .max))

  /// Attributes without timers and with a random uuid.
  public init(mode: RingMode, subbufferSize: Int, subbufferCount: Int) {
    self.mode = mode
    self.subbufferSize = subbufferSize
    self.subbufferCount = subbufferCount
  }

  /// `true` if threads of this process wake the reader up.
  var hasTimers: Bool { switchTimer != 0 || readTimer != 0 }

  /// The attributes for the library, which answers wrong ones with a null pointer and no reason.
  func validated() throws(SourceError) -> clu_channel_attributes {
    func isPowerOfTwo(_ value: Int) -> Bool { value > 0 && value & (value - 1) == 0 }
    let call = "lttng_ust_ctl_create_channel"
    guard subbufferSize >= 4096, isPowerOfTwo(subbufferSize) else {
      throw SourceError(
        .usage, call: call, detail: "sub-buffers of \(subbufferSize) bytes",
        remedy: "choose a power of two, 4096 or more")
    }
    let least = Int(clu_least_subbuffers(mode == .overwrite))
    guard subbufferCount >= least, isPowerOfTwo(subbufferCount) else {
      throw SourceError(
        .usage, call: call, detail: "\(subbufferCount) sub-buffers in \(mode) mode",
        remedy: "choose a power of two, \(least) or more")
    }
    var attributes = clu_channel_attributes()
    attributes.subbuf_size = UInt64(subbufferSize)
    attributes.num_subbuf = UInt64(subbufferCount)
    attributes.overwrite = mode == .overwrite
    attributes.switch_timer_interval = switchTimer
    attributes.read_timer_interval = readTimer
    attributes.blocking_timeout = blockingTimeout
    attributes.chan_id = channelID
    withUnsafeMutableBytes(of: &attributes.uuid) { bytes in
      bytes.storeBytes(of: uuid.high.bigEndian, toByteOffset: 0, as: UInt64.self)
      bytes.storeBytes(of: uuid.low.bigEndian, toByteOffset: 8, as: UInt64.self)
    }
    return attributes
  }
}

/// A channel that is asked of the library without anything being checked before, to find out what it accepts.
public enum ChannelTrial {
  /// `true` if the library makes a channel of these sizes. It is destroyed at once.
  ///
  /// The corresponding C function is `lttng_ust_ctl_create_channel`, which answers with a null pointer and no reason.
  /// - Throws: ``SourceError`` where the files for its memory cannot be made.
  public static func isAccepted(
    _ library: LTTngUSTLibrary, mode: RingMode, subbufferSize: UInt64, subbufferCount: UInt64
  ) throws(SourceError) -> Bool {
    var files: [OwnedDescriptor] = []
    for cpu in 0..<library.streamsPerChannel {
      files.append(try OwnedDescriptor(clu_sys_memfd("abi-compare-trial-\(cpu)"), from: "memfd_create"))
    }
    var attributes = clu_channel_attributes()
    attributes.subbuf_size = subbufferSize
    attributes.num_subbuf = subbufferCount
    attributes.overwrite = mode == .overwrite
    let numbers = files.map(\.rawValue)
    guard let channel = clu_create_channel(&attributes, numbers, Int32(numbers.count)) else { return false }
    clu_destroy_channel(channel)
    return true
  }

  /// The results of calls after the file of a stream's memory was truncated to 0 bytes.
  public struct Truncation: Sendable {
    /// The result of `ftruncate` of the file: 0 or a negative errno.
    public var truncation: Int32
    /// The result of `get_next_subbuf` afterwards, with the library's handler of `SIGBUS` in place.
    public var getNext: Int32
    /// The number of `SIGBUS` signals meanwhile. After ``mostSignals`` of them the call was left, with `EINTR`.
    public var signals: Int32
  }

  /// A call that comes to its end needs one.
  public static let mostSignals: Int32 = 100

  /// Cuts the memory of a stream that nobody else has, and then gets from it.
  ///
  /// Neither stream nor channel is given back, since their memory may be gone: this is for a process that ends soon.
  /// - Parameter sealed: seals the file before, as ``USTChannel`` does.
  /// - Throws: ``SourceError`` where channel or stream cannot be made.
  public static func truncate(_ library: LTTngUSTLibrary, sealed: Bool) throws(SourceError) -> Truncation {
    var attributes = try ChannelAttributes(mode: .overwrite, subbufferSize: 4096, subbufferCount: 2).validated()
    var numbers: [Int32] = []
    for cpu in 0..<library.streamsPerChannel {
      numbers.append(try checked(clu_sys_memfd("abi-compare-trial-\(cpu)"), "memfd_create"))
    }
    guard let channel = clu_create_channel(&attributes, numbers, Int32(numbers.count)),
      let stream = clu_create_stream(channel, 0)
    else {
      throw SourceError(call: "lttng_ust_ctl_create_channel", detail: "the library gives no reason")
    }
    if sealed { try checked(clu_sys_seal_size(numbers[0]), "F_ADD_SEALS") }
    let truncation = ftruncate(numbers[0], 0) == 0 ? 0 : -errno
    var signals: Int32 = 0
    let getNext = clu_get_next_subbuf_guarded(stream, mostSignals, &signals)
    return Truncation(truncation: truncation, getNext: getNext, signals: signals)
  }
}
