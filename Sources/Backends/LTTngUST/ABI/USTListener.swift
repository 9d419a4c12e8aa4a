import CLTTngUST
import Glibc
import Platform
import SubbufferSource
import SystemPackage

/// Waits, in place of a session daemon, for one traced process to register.
///
/// Make it first, start the process with ``environment`` added to its own, then let ``USTSession`` accept it:
///
///     let listener = try USTListener(library)
///     let producer = try ProducerProcess(executable: path, arguments: ["0"], environment: listener.environment)
///     let session = try USTSession(listener, process: producer.pid, attributes: attributes)
///
/// The process comes to its `main` only when the session is started, with the tracepoint enabled. If no session comes,
/// it comes there when the listener is gone.
public struct USTListener: ~Copyable {
  let library: LTTngUSTLibrary
  private let directory: PrivateDirectory
  private let socket: OwnedDescriptor

  /// Makes a private directory and listens in it.
  /// - Throws: ``SourceError`` where the temporary directory cannot be written to or its path is too long.
  public init(_ library: LTTngUSTLibrary) throws(SourceError) {
    self.library = library
    let directory = try PrivateDirectory()
    try directory.linkOtherNames()
    let path = directory.socketPath
    socket = try OwnedDescriptor(
      clu_sys_listen(path), from: "listen at \(path)", remedy: "set TMPDIR to a directory with a shorter path")
    self.directory = directory
  }

  /// Removes the directories of listeners that killed runs left.
  /// - Returns: their paths.
  public static func removeAbandoned() -> [String] {
    PrivateDirectory.removeAbandoned()
  }

  /// The variables to set, or to remove, in the environment of the traced process.
  ///
  /// `LTTNG_HOME` leads it to this listener and to no other session daemon of its user; `LTTNG_UST_REGISTER_TIMEOUT` of
  /// -1 has it wait for the end of its registration, however long that takes (lttng-ust(3)). `LTTNG_UST_APP_PATH` is
  /// removed: since LTTng-UST 2.14 it leads to another daemon instead (`setup_ust_apps` in lttng-ust-comm.c).
  public var environment: [String: String?] {
    ["LTTNG_HOME": directory.path, "LTTNG_UST_REGISTER_TIMEOUT": "-1", "LTTNG_UST_APP_PATH": nil]
  }

  /// The variable to set as well where the channel has a ``ChannelAttributes/blockingTimeout``.
  public static var blockingEnvironment: [String: String] { ["LTTNG_UST_ALLOW_BLOCKING": "1"] }

  /// The two sockets of a process that has registered.
  struct Registration: ~Copyable {
    let command: OwnedDescriptor
    let notify: OwnedDescriptor
  }

  /// Accepts the two connections of a process, and of no other.
  /// - Parameters:
  ///   - process: its id; what the kernel says of a connection is compared with it.
  ///   - end: becomes readable when it ends.
  ///   - timeout: how long it may take, for each step.
  func accept(
    process: Int32, end: OwnedDescriptor, timeout: Milliseconds
  ) throws(SourceError) -> Registration {
    var command: OwnedDescriptor?
    var notify: OwnedDescriptor?
    while true {
      if let command, let notify { return Registration(command: command, notify: notify) }
      try waitForConnection(end: end, timeout: timeout)
      let connection = try OwnedDescriptor(clu_sys_accept(socket.rawValue), from: "accept4")
      try checked(clu_sys_set_timeout(connection.rawValue, UInt32(max(timeout, 1))), "SO_RCVTIMEO")
      var registration = clu_registration()
      let result = clu_recv_reg_msg(connection.rawValue, &registration)
      // The library does not report the id of a process with another major version.
      if result != CLU_ERR_UNSUP_MAJOR {
        // Another process of this user may have come by; it is turned away by closing its connection.
        guard registration.pid == UInt32(process) else { continue }
      }
      try checkProtocol(registration, result)
      try checked(result, "lttng_ust_ctl_recv_reg_msg", remedy: "run a program that is traced by LTTng-UST")
      try Self.check(registration)
      if registration.socket_type == CLU_SOCKET_COMMAND { command = connection } else { notify = connection }
    }
  }

  /// Waits until a process connects; fails where the traced process ends first, or the time runs out.
  private func waitForConnection(end: OwnedDescriptor, timeout: Milliseconds) throws(SourceError) {
    var requests = [
      pollfd(fd: socket.rawValue, events: Int16(POLLIN), revents: 0),
      pollfd(fd: end.rawValue, events: Int16(POLLIN), revents: 0),
    ]
    let ready = poll(&requests, 2, timeout)
    if ready < 0 { throw SourceError(call: "poll", errno: Errno(rawValue: errno)) }
    if requests[0].revents != 0 { return }
    throw SourceError(
      call: "accept the traced process", errno: ready == 0 ? .timedOut : nil,
      detail: ready == 0 ? "it did not register within \(timeout) ms" : "it ended before it registered",
      remedy: "see its standard error; the program must be linked with liblttng-ust")
  }

  /// The structures and messages are those of the library's version, which has to be that of the traced process, too.
  private func checkProtocol(_ registration: clu_registration, _ result: Int32) throws(SourceError) {
    // The library stores the version of a process that it refuses, and of no other that it fails on.
    guard result >= 0 || result == CLU_ERR_UNSUP_MAJOR, Int(registration.major) != library.protocolVersion else {
      return
    }
    throw SourceError(
      .unknownFormat, call: "lttng_ust_ctl_recv_reg_msg",
      detail: "the traced process has protocol \(registration.major), "
        + "\(library.soname) (LTTng-UST \(library.version)) has \(library.protocolVersion)",
      remedy: "install liblttng-ust and liblttng-ust-ctl of one version, \(SourceError.knownLTTngUST)")
  }

  /// The packets are decoded as a little-endian process with packed 64-bit structures writes them.
  private static func check(_ registration: clu_registration) throws(SourceError) {
    guard registration.byte_order == 1234, registration.bits_per_long == 64, registration.uint64_alignment == 8 else {
      throw SourceError(
        .unknownFormat, call: "lttng_ust_ctl_recv_reg_msg",
        detail: "byte order \(registration.byte_order), \(registration.bits_per_long)-bit longs, "
          + "64-bit integers aligned to \(registration.uint64_alignment) bits",
        remedy: "trace a 64-bit little-endian program on a machine with unaligned access")
    }
  }
}

/// The socket on which a traced process carries out commands, one after the other.
struct CommandSocket: ~Copyable {
  private let socket: OwnedDescriptor

  init(_ socket: OwnedDescriptor) {
    self.socket = socket
  }

  /// Calls one of the library's functions and explains what its result means on a socket.
  @discardableResult
  func send(_ name: StaticString, _ function: (Int32) -> Int32) throws(SourceError) -> Int32 {
    let result = function(socket.rawValue)
    if result >= 0 { return result }
    let remedy =
      switch Errno(rawValue: -result) {
      case .brokenPipe, .connectionReset: "the traced process is gone; see its standard error"
      case .resourceTemporarilyUnavailable: "the traced process did not answer in time; raise the timeout"
      default: ""
      }
    throw SourceError("\(name)", result: result, remedy: remedy)
  }
}

/// A thread of its own for calls that block, ended by ``join()``.
///
/// The calls of liblttng-ust-ctl block in the kernel, which the threads of Swift's concurrency must not do.
struct JoinableThread: ~Copyable {
  private let thread: pthread_t

  /// Starts a thread.
  /// - Throws: ``SourceError`` where no thread can be made.
  init(_ body: @escaping @Sendable () -> Void) throws(SourceError) {
    thread = try startThread(body)
  }

  /// Waits until the thread has ended.
  consuming func join() {
    pthread_join(thread, nil)
  }
}
