import CLTTngUST
import CTFPackets
import Glibc
import Platform
import SubbufferSource
import Synchronization
import SystemPackage

/// One traced process and one channel of its events: session daemon and consumer of LTTng-UST at once.
///
/// No daemon runs and no privilege is needed. The session is started when it is made: from then on the process records
/// the event. When the session goes, its sockets close and the process records nothing any more; the channel and its
/// streams stay readable as long as somebody holds them.
public final class USTSession: Sendable {
  /// The version of the tracer in the traced process: `2.13.5`.
  public let tracerVersion: String
  /// The channel.
  public let channel: USTChannel
  /// The form of the event headers in its packets.
  public var eventHeader: EventHeader { recorded.header }
  /// The id of the event in its packets.
  public var eventID: UInt32 { recorded.id }

  private let recorded: RecordedEvent
  private let registry: EventRegistry
  /// The objects of the channel for further processes; `nil` if it is that of one process.
  private let shared: Mutex<SharedObjects?>
  /// The number of the process among those that record into the channel, from 0 on.
  public let application: UInt32
  private let handle: Int32
  private let command: Mutex<CommandSocket>
  private let notifySocket: OwnedDescriptor
  private let notifyThread: Mutex<JoinableThread?>

  /// Accepts a traced process, makes a channel, and has the process record one event into it.
  ///
  /// The listener is gone afterwards, with its directory.
  /// - Parameters:
  ///   - listener: where the process registers.
  ///   - process: the process's id.
  ///   - attributes: what the channel is made with.
  ///   - event: the tracepoint, `provider:name`.
  ///   - eventHeader: the form of the event headers.
  ///   - eventID: the id of the event; from 31 on the compact form, from 65535 on the large form has to be extended.
  ///   - isShared: keeps the channel open for further processes (``init(_:process:joining:timeout:)``). Then its wait
  ///     descriptor does not hang up at the end of the process.
  ///   - timeout: how long the process may take to register and to answer each command, in milliseconds.
  /// - Throws: ``SourceError`` with the step that failed and what to do.
  public convenience init(
    _ listener: consuming USTListener, process: Int32, attributes: ChannelAttributes,
    event: String = "abi_compare:seq", eventHeader: EventHeader = .compact, eventID: UInt32 = 0,
    isShared: Bool = false, timeout: Milliseconds = 10_000
  ) throws(SourceError) {
    let end = try OwnedDescriptor(
      clu_sys_process(process), from: "pidfd_open \(process)", remedy: "start the process before the session")
    let channel = try USTChannel(listener.library, attributes, processEnd: end)
    let recorded = RecordedEvent(name: event, id: eventID, header: eventHeader)
    try self.init(
      listener, process, end, channel, recorded, try ChannelObjects(of: channel), application: 0, timeout,
      isShared: isShared)
    channel.closeWakeupDescriptors()
  }

  /// Accepts another traced process, and has it record the event of another session into the channel of that session, as
  /// a session daemon does with the processes of one user.
  /// - Parameters:
  ///   - listener: where the process registers.
  ///   - process: the process's id.
  ///   - first: a session that was made with a shared channel.
  ///   - timeout: how long the process may take to register and to answer each command, in milliseconds.
  /// - Throws: ``SourceError`` with the step that failed, of kind `usage` if the channel is not shared.
  public convenience init(
    _ listener: consuming USTListener, process: Int32, joining first: USTSession, timeout: Milliseconds = 10_000
  ) throws(SourceError) {
    guard let (objects, application) = first.shared.withLock({ $0?.next() }) else {
      throw SourceError(.usage, call: "join a session", detail: "its channel is not shared")
    }
    let end = try OwnedDescriptor(
      clu_sys_process(process), from: "pidfd_open \(process)", remedy: "start the process before the session")
    try self.init(
      listener, process, end, first.channel, first.recorded, objects, application: application, timeout, isShared: false
    )
  }

  private init(
    _ listener: consuming USTListener, _ process: Int32, _ end: OwnedDescriptor, _ channel: USTChannel,
    _ recorded: RecordedEvent, _ objects: ChannelObjects, application: UInt32, _ timeout: Milliseconds, isShared: Bool
  ) throws(SourceError) {
    let registration = try listener.accept(process: process, end: end, timeout: timeout)
    // From here on the notify socket is silent for as long as nothing is registered.
    try checked(clu_sys_set_timeout(registration.notify.rawValue, 0), "SO_RCVTIMEO")
    let notifySocket = registration.notify
    let registry = EventRegistry(
      socket: notifySocket, channelID: channel.attributes.channelID, header: recorded.header,
      event: (recorded.name, recorded.id))
    let thread = try JoinableThread { registry.answerAll() }
    do throws(SourceError) {
      let command = CommandSocket(registration.command)
      (handle, tracerVersion) = try Self.start(command, objects, application, event: recorded.name)
      self.command = Mutex(command)
    } catch {
      Self.end(thread, notifySocket)
      throw error
    }
    self.channel = channel
    self.recorded = recorded
    shared = Mutex(isShared ? SharedObjects(objects) : nil)
    self.application = application
    self.registry = registry
    self.notifySocket = notifySocket
    notifyThread = Mutex(thread)
  }

  deinit {
    let thread = notifyThread.withLock { $0.take() }
    if let thread { Self.end(thread, notifySocket) }
  }

  /// Fails where the process has not registered the event.
  ///
  /// A program registers its tracepoints when it starts, before its `main` and after the session was made; so ask when
  /// it is known to be in its `main`.
  public func checkEvent() throws(SourceError) {
    try registry.checkEvent()
  }

  // MARK: Commands

  /// Has the process stop recording.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stop_session`.
  public func stop() throws(SourceError) {
    try command.withLock { [handle] socket throws(SourceError) in
      _ = try socket.send("lttng_ust_ctl_stop_session") { clu_stop_session($0, handle) }
    }
  }

  /// Has the process record again after ``stop()``.
  ///
  /// The corresponding C function is `lttng_ust_ctl_start_session`.
  public func restart() throws(SourceError) {
    try command.withLock { [handle] socket throws(SourceError) in
      _ = try socket.send("lttng_ust_ctl_start_session") { clu_start_session($0, handle) }
    }
  }

  /// Waits until no tracepoint that ran when this was called still runs.
  ///
  /// The corresponding C function is `lttng_ust_ctl_wait_quiescent`.
  public func waitQuiescent() throws(SourceError) {
    try command.withLock { socket throws(SourceError) in
      _ = try socket.send("lttng_ust_ctl_wait_quiescent") { clu_wait_quiescent($0) }
    }
  }

  // MARK: Set-up

  /// The commands by which a session daemon sets a process up; returns the session's handle and the tracer's version.
  ///
  /// The channel goes first and the start last: a process that is sent a channel after its session was started aborts.
  private static func start(
    _ command: borrowing CommandSocket, _ objects: ChannelObjects, _ application: UInt32, event: String
  ) throws(SourceError) -> (Int32, String) {
    var version = CLTTngUST.clu_tracer_version()
    try command.send("lttng_ust_ctl_tracer_version") { clu_tracer_version($0, &version) }
    let handle = try command.send("lttng_ust_ctl_create_session") { clu_create_session($0) }
    try command.send("lttng_ust_ctl_send_channel_to_ust") {
      clu_send_channel_to_ust($0, handle, objects.channel.raw, application)
    }
    for stream in objects.streams {
      try command.send("lttng_ust_ctl_send_stream_to_ust") {
        clu_send_stream_to_ust($0, objects.channel.raw, stream.raw)
      }
    }
    var made: OpaquePointer?
    try command.send("lttng_ust_ctl_create_event") { clu_create_event($0, event, objects.channel.raw, &made) }
    let object = try ApplicationObject(made)
    try command.send("lttng_ust_ctl_enable") { clu_enable($0, object.raw) }
    try command.send("lttng_ust_ctl_start_session") { clu_start_session($0, handle) }
    try command.send("lttng_ust_ctl_register_done") { clu_register_done($0) }
    return (handle, "\(version.major).\(version.minor).\(version.patchlevel)")
  }

  private static func end(_ thread: consuming JoinableThread, _ notifySocket: OwnedDescriptor) {
    shutdown(notifySocket.rawValue, Int32(SHUT_RDWR))
    thread.join()
  }
}

/// The objects of a channel that several processes record into.
private struct SharedObjects {
  let objects: ChannelObjects
  private var applications: UInt32 = 1

  init(_ objects: ChannelObjects) {
    self.objects = objects
  }

  /// The objects and the number for the next process.
  mutating func next() -> (ChannelObjects, UInt32) {
    defer { applications += 1 }
    return (objects, applications)
  }
}

/// The event of a session.
private struct RecordedEvent {
  let name: String
  let id: UInt32
  let header: EventHeader
}
