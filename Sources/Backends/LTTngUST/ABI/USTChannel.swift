import CLTTngUST
import Glibc
import Platform
import SubbufferSource
import Synchronization
import SystemPackage

/// A channel, one ring buffer for each possible CPU, as its consumer has it.
///
/// The memory of each ring buffer is an anonymous file that the channel owns; once the library has given it its size the
/// file is sealed, so that no process it is shared with can take mapped pages away, which would end the reader with
/// `SIGBUS`. The channel goes when the last of its streams and of its users is gone; streams go before it.
public final class USTChannel: Sendable {
  /// The attributes of the channel.
  public let attributes: ChannelAttributes
  /// The shape of each stream, with the sub-buffer that the library adds for the reader: in overwrite mode, and since
  /// LTTng-UST 2.15 in discard mode.
  public let geometry: Geometry

  /// The stream of each CPU that was made with the channel, until a reader takes it.
  private let untaken: Mutex<[StreamPointer?]>
  private let channel: ChannelPointer
  private let files: [OwnedDescriptor]
  /// The end of the time in which the first event may have a short time stamp, in nanoseconds of CLOCK_MONOTONIC.
  private let fullTimestampsFrom: UInt64
  /// Becomes readable when the traced process ends, where the hang-up of the wait descriptor cannot tell it.
  let processEnd: OwnedDescriptor?

  /// Makes a channel and a stream for each CPU.
  ///
  /// The corresponding C functions are `lttng_ust_ctl_create_channel` and `lttng_ust_ctl_create_stream`.
  init(
    _ library: LTTngUSTLibrary, _ attributes: ChannelAttributes, processEnd: OwnedDescriptor
  ) throws(SourceError) {
    var validated = try attributes.validated()
    var files: [OwnedDescriptor] = []
    for cpu in 0..<library.streamsPerChannel {
      files.append(
        try OwnedDescriptor(
          clu_sys_memfd("abi-compare-\(cpu)"), from: "memfd_create", remedy: "raise the limit on open files (ulimit -n)"
        ))
    }
    let numbers = files.map(\.rawValue)
    guard let channel = clu_create_channel(&validated, numbers, Int32(numbers.count)) else {
      throw SourceError(
        call: "lttng_ust_ctl_create_channel", detail: "the library gives no reason",
        remedy: "lower the size or the number of sub-buffers, or raise the limits on memory and open files")
    }
    var streams: [StreamPointer?] = []
    do throws(SourceError) {
      for (cpu, number) in numbers.enumerated() {
        try checked(clu_sys_seal_size(number), "F_ADD_SEALS of CPU \(cpu)")
        streams.append(try Self.makeStream(ChannelPointer(raw: channel), cpu: cpu))
      }
      geometry = try Self.geometry(of: streams, attributes, library)
    } catch {
      for case let stream? in streams { clu_destroy_stream(stream.raw) }
      clu_destroy_channel(channel)
      throw error
    }
    // The library took the time of the creation before this.
    fullTimestampsFrom = library.series < .from2_15 ? 0 : Self.monotonicNanoseconds + Self.shortTimestamps
    self.attributes = attributes
    self.channel = ChannelPointer(raw: channel)
    self.files = files
    self.processEnd = attributes.hasTimers ? processEnd : nil
    untaken = Mutex(streams)
  }

  deinit {
    untaken.withLock { streams in
      for case let stream? in streams { clu_destroy_stream(stream.raw) }
    }
    clu_destroy_channel(channel.raw)
  }

  private static var monotonicNanoseconds: UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
  }

  /// The range of a short time stamp in nanoseconds (`LTTNG_COMPACT_TIMESTAMP_BITS` of ringbuffer-clients/template.h).
  private static let shortTimestamps: UInt64 = 1 << 27

  /// Waits until the first event of each stream has a full time stamp, and thus a size that does not depend on the time
  /// that the set-up took: 134 ms after the channel was made.
  ///
  /// A time stamp is a short one if it is within its range of that of the event before. Up to LTTng-UST 2.14 the one before
  /// the first is 0; since 2.15 it is the time of the channel's creation (2d6a6d8e).
  public func waitForFullTimestamps() {
    var time = timespec(
      tv_sec: Int(fullTimestampsFrom / 1_000_000_000), tv_nsec: Int(fullTimestampsFrom % 1_000_000_000))
    while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
  }

  /// The number of CPUs, and of streams.
  public var streamCount: Int { files.count }

  /// Hands out the stream of a CPU.
  ///
  /// The first time for each CPU it is the one made with the channel. After that it is asked of the library anew, which
  /// refuses as long as the stream has a reader; one that was made anew has no wait descriptor any more.
  ///
  /// The corresponding C function is `lttng_ust_ctl_create_stream`.
  /// - Throws: ``SourceError`` with `EBUSY` where the stream has a reader, of kind ``SourceError/Kind/usage`` where
  ///   there is no such CPU.
  public func stream(cpu: Int) throws(SourceError) -> ConsumerStream {
    guard files.indices.contains(cpu) else {
      throw SourceError(
        .usage, call: "lttng_ust_ctl_create_stream", detail: "the channel has no CPU \(cpu)",
        remedy: "choose one of 0 to \(files.count - 1)")
    }
    let stream = try untaken.withLock { [channel] streams throws(SourceError) in
      if let first = streams[cpu] {
        streams[cpu] = nil
        return first
      }
      return try Self.makeStream(channel, cpu: cpu)
    }
    return ConsumerStream(stream, of: self, cpu: cpu)
  }

  /// The shape of the streams, by the sizes that the library reports.
  /// - Throws: ``SourceError`` of kind `unknownFormat` if the sizes are not those that were asked for: then the library
  ///   reads the attributes in another layout.
  private static func geometry(
    of streams: [StreamPointer?], _ attributes: ChannelAttributes, _ library: LTTngUSTLibrary
  ) throws(SourceError) -> Geometry {
    var (size, length): (UInt, UInt) = (0, 0)
    for case let stream? in streams.prefix(1) {
      try checked(clu_get_max_subbuf_size(stream.raw, &size), "lttng_ust_ctl_get_max_subbuf_size")
      try checked(clu_get_mmap_len(stream.raw, &length), "lttng_ust_ctl_get_mmap_len")
    }
    let own = Int(clamping: length) / attributes.subbufferSize - attributes.subbufferCount
    guard Int(clamping: size) == attributes.subbufferSize, own == 0 || own == 1 else {
      throw SourceError(
        .unknownFormat, call: "lttng_ust_ctl_create_channel",
        detail: "LTTng-UST \(library.version) made sub-buffers of \(size) bytes, \(length) in all, of "
          + "\(attributes.subbufferCount) of \(attributes.subbufferSize)",
        remedy: "report it with the version of LTTng-UST")
    }
    return Geometry(
      subbufferSize: attributes.subbufferSize, subbufferCount: attributes.subbufferCount + own, readerSubbuffers: own)
  }

  private static func makeStream(_ channel: ChannelPointer, cpu: Int) throws(SourceError) -> StreamPointer {
    // The library returns a null pointer; if the CPU's stream exists, the only possible reason is a second reader.
    guard let stream = clu_create_stream(channel.raw, Int32(cpu)) else {
      throw SourceError(
        call: "lttng_ust_ctl_create_stream of CPU \(cpu)", errno: .resourceBusy,
        remedy: "a stream has one reader; close the other reader first")
    }
    return StreamPointer(raw: stream)
  }

  /// Sends the channel and its streams to the other end of a socket, as a consumer does to its session daemon.
  ///
  /// Blocks until the other end has received them; returns zero or the first failure.
  ///
  /// The corresponding C functions are `lttng_ust_ctl_send_channel_to_sessiond` and
  /// `lttng_ust_ctl_send_stream_to_sessiond`.
  func send(over socket: Int32) -> Int32 {
    let result = clu_send_channel_to_sessiond(socket, channel.raw)
    if result < 0 { return result }
    return untaken.withLock { streams in
      for case let stream? in streams {
        let result = clu_send_stream_to_sessiond(socket, stream.raw)
        if result < 0 { return result }
      }
      return clu_send_stream_to_sessiond(socket, nil)
    }
  }

  /// Closes this process's own write ends of the pipes by which the streams' readers are woken up, so that the read ends
  /// hang up when the traced process is gone; with timers they stay, because threads of this process write to them.
  ///
  /// The corresponding C functions are `lttng_ust_ctl_channel_close_wakeup_fd` and
  /// `lttng_ust_ctl_stream_close_wakeup_fd`.
  func closeWakeupDescriptors() {
    _ = clu_channel_close_wakeup_fd(channel.raw)
    if attributes.hasTimers { return }
    untaken.withLock { streams in
      for case let stream? in streams { _ = clu_stream_close_wakeup_fd(stream.raw) }
    }
  }
}

/// The library's channel. Its calls here come from one thread at a time.
private struct ChannelPointer: @unchecked Sendable {
  let raw: OpaquePointer
}

/// The library's stream. It has one user at a time, which may be on any thread.
struct StreamPointer: @unchecked Sendable {
  let raw: OpaquePointer
}
