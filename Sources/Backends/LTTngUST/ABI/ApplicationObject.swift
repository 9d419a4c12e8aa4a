import CLTTngUST
import Glibc
import Platform
import SubbufferSource
import Synchronization

/// The object of a channel, a stream or an event that is sent to the traced process; `struct
/// lttng_ust_abi_object_data`.
///
/// Those of a channel and of a stream hold descriptors of their own, received over a socket, among them a write end of
/// the pipe that wakes the reader up. They go with the object, so that only the traced process has one; the process
/// keeps what the object stands for. An object has one user at a time, which may be on any thread.
final class ApplicationObject: @unchecked Sendable {
  /// The library's object; null only where the library answered success without one.
  let raw: OpaquePointer?

  /// Takes over an object that the library made.
  /// - Throws: ``SourceError`` of kind `unknownFormat` if it is not laid out as in the loaded version of LTTng-UST.
  init(_ raw: OpaquePointer?) throws(SourceError) {
    self.raw = raw
    // The library receives descriptors without O_CLOEXEC, and a producer started next would keep the pipe open.
    guard let raw, clu_close_object_on_exec(raw) < 0 else { return }
    throw SourceError(
      .unknownFormat, call: "read struct lttng_ust_abi_object_data",
      detail: "its type or its descriptors are not as in LTTng-UST \(String(cString: clu_library_version()))",
      remedy: "report it with the version of LTTng-UST")
  }

  /// The corresponding C function is `lttng_ust_ctl_release_object`, without a socket.
  deinit {
    guard let raw else { return }
    _ = clu_release_object(-1, raw)
    clu_free_object(raw)
  }
}

/// The objects of a channel and of its streams, received as a session daemon receives them from its consumer.
struct ChannelObjects: Sendable {
  let channel: ApplicationObject
  let streams: [ApplicationObject]

  /// Sends a channel and its streams to this process itself: the library offers no other way to their objects.
  init(of channel: USTChannel) throws(SourceError) {
    var sockets: [Int32] = [-1, -1]
    try checked(clu_sys_socket_pair(&sockets), "socketpair", remedy: "raise the limit on open files (ulimit -n)")
    let sender = try OwnedDescriptor(sockets[0], from: "socketpair")
    let receiver = try OwnedDescriptor(sockets[1], from: "socketpair")

    // The data may exceed the socket's buffer, so another thread sends them; whichever side fails first
    // shuts the socket down, which ends the other.
    let sending = Sending()
    let thread = try JoinableThread {
      let result = channel.send(over: sender.rawValue)
      if result < 0 { shutdown(sender.rawValue, Int32(SHUT_RDWR)) }
      sending.result.store(result, ordering: .relaxed)
    }
    let received: Result<(ApplicationObject, [ApplicationObject]), SourceError>
    do throws(SourceError) {
      received = .success(try Self.receive(from: receiver.rawValue))
    } catch {
      received = .failure(error)
    }
    shutdown(receiver.rawValue, Int32(SHUT_RDWR))
    thread.join()
    let sent = sending.result.load(ordering: .relaxed)
    // A broken pipe is only what the sender sees of a receiver that failed.
    if sent != -EPIPE { try checked(sent, "lttng_ust_ctl_send_channel_to_sessiond", remedy: Self.remedy) }
    (self.channel, streams) = try received.get()
  }

  private static let remedy = "each stream takes descriptors twice: raise the limit on open files (ulimit -n)"

  private final class Sending: Sendable {
    let result = Atomic<Int32>(0)
  }

  /// The corresponding C functions are `lttng_ust_ctl_recv_channel_from_consumer` and
  /// `lttng_ust_ctl_recv_stream_from_consumer`.
  private static func receive(
    from socket: Int32
  ) throws(SourceError) -> (ApplicationObject, [ApplicationObject]) {
    var raw: OpaquePointer?
    try checked(
      clu_recv_channel_from_consumer(socket, &raw), "lttng_ust_ctl_recv_channel_from_consumer", remedy: remedy)
    let channel = try ApplicationObject(raw)
    var streams: [ApplicationObject] = []
    while true {
      var raw: OpaquePointer?
      let result = clu_recv_stream_from_consumer(socket, &raw)
      if result == CLU_ERR_NOENT { return (channel, streams) }
      try checked(result, "lttng_ust_ctl_recv_stream_from_consumer", remedy: remedy)
      streams.append(try ApplicationObject(raw))
    }
  }
}
