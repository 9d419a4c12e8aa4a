import Glibc
import SubbufferSource
import SystemPackage

/// The forks of all processes of the machine, as the kernel's process events connector reports them.
///
/// The kernel queues an event before the new thread runs for the first time (`proc_fork_connector` in `copy_process`), so
/// a read after any action of the thread returns its fork. Source: include/uapi/linux/cn_proc.h,
/// include/uapi/linux/connector.h, drivers/connector/cn_proc.c.
package final class ProcessEvents {
  /// A fork or the start of a thread.
  package struct Fork: Sendable, Equatable {
    /// The thread that called fork(2); for a new thread, the one that created the process.
    package var parentThread: Int32
    /// The process of ``parentThread``.
    package var parentProcess: Int32
    /// The new thread; equal to ``childProcess`` for a new process.
    package var childThread: Int32
    /// The process of ``childThread``.
    package var childProcess: Int32
  }

  private let socket: Int32
  private var buffer = [UInt8](repeating: 0, count: 4096)

  private enum Connector {
    /// `AF_NETLINK`, `NETLINK_CONNECTOR`, `CN_IDX_PROC`, `CN_VAL_PROC`, `PROC_CN_MCAST_LISTEN`, `PROC_EVENT_FORK`.
    static let family: UInt16 = 16
    static let netlink: Int32 = 11
    static let index: UInt32 = 1
    static let value: UInt32 = 1
    static let listen: UInt32 = 1
    static let fork: UInt32 = 1
    /// `struct nlmsghdr`, `struct cn_msg`, and `what`, `cpu` and `timestamp_ns` of `struct proc_event`.
    static let netlinkHeader = 16
    static let header = 20
    static let event = 16
    /// Space for about 10,000 events between two reads.
    static let room: Int32 = 8 << 20
  }

  /// Subscribes to the forks of the machine.
  /// - Throws: ``SourceError`` of kind `unavailable` if the kernel lacks the connector (CONFIG_PROC_EVENTS) or this
  ///   process may not use it: in a PID or user namespace, or without CAP_NET_ADMIN before Linux 6.6.
  package init() throws(SourceError) {
    // cn_proc_mcast_ctl ignores other namespaces without an error.
    guard ProcessEvents.isInInitialNamespaces else {
      throw SourceError(
        .unavailable, call: "process events connector",
        detail: "this process is not in the initial PID and user namespaces", remedy: "run outside of a container")
    }
    socket = Glibc.socket(
      Int32(Connector.family), Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), Connector.netlink)
    guard socket >= 0 else { throw ProcessEvents.failed("socket(AF_NETLINK, NETLINK_CONNECTOR)") }
    do {
      var room = Connector.room
      // Exceeds net.core.rmem_max; without CAP_NET_ADMIN the default size remains.
      setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &room, socklen_t(MemoryLayout<Int32>.size))
      try bindToProcesses()
      try subscribe([Connector.listen])
      // Forks alone. Kernels before 6.6 ignore a message of this length.
      try subscribe([Connector.listen, Connector.fork])
    } catch {
      close(socket)
      throw error
    }
  }

  deinit {
    close(socket)
  }

  /// Reads the forks since the last call.
  /// - Returns: `false` if the kernel dropped some because the socket was full.
  package func read(_ body: (Fork) -> Void) -> Bool {
    var isComplete = true
    while true {
      let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count >= 0 {
        if let fork = ProcessEvents.fork(in: buffer[..<count]) { body(fork) }
      } else if errno == ENOBUFS {
        isComplete = false
      } else if errno != EINTR {
        return isComplete
      }
    }
  }

  /// Parses a message; returns `nil` if it is not a fork.
  static func fork(in message: ArraySlice<UInt8>) -> Fork? {
    let start = message.startIndex + Connector.netlinkHeader
    func word(_ offset: Int) -> UInt32? {
      let bytes = message.dropFirst(start - message.startIndex + offset).prefix(4)
      guard bytes.count == 4 else { return nil }
      return bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    guard word(0) == Connector.index, word(4) == Connector.value, word(Connector.header) == Connector.fork else {
      return nil
    }
    let ids = (0..<4).compactMap { word(Connector.header + Connector.event + 4 * $0).map(Int32.init(bitPattern:)) }
    guard ids.count == 4 else { return nil }
    return Fork(parentThread: ids[0], parentProcess: ids[1], childThread: ids[2], childProcess: ids[3])
  }

  private func bindToProcesses() throws(SourceError) {
    // struct sockaddr_nl: nl_family, nl_pad, nl_pid (0: the kernel chooses), nl_groups.
    let address = ProcessEvents.bytes([UInt32(Connector.family), 0, Connector.index])
    let result = address.withUnsafeBytes { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { bind(socket, $0.baseAddress, socklen_t(bytes.count)) }
    }
    guard result == 0 else { throw ProcessEvents.failed("bind(NETLINK_CONNECTOR, CN_IDX_PROC)") }
  }

  private func subscribe(_ words: [UInt32]) throws(SourceError) {
    let size = UInt32(4 * words.count)
    // struct nlmsghdr: length, type NLMSG_DONE (3) and flags, sequence, port; struct cn_msg: id, sequence, acknowledgement,
    // length and flags.
    let message = ProcessEvents.bytes(
      [UInt32(Connector.netlinkHeader + Connector.header) + size, 3, 0, 0]
        + [Connector.index, Connector.value, 0, 0, size] + words)
    guard send(socket, message, message.count, 0) == message.count else {
      throw ProcessEvents.failed("send(PROC_CN_MCAST_LISTEN)")
    }
  }

  private static func bytes(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) } }
  }

  /// `PID_NS_INIT_INO` and `USER_NS_INIT_INO` of include/uapi/linux/nsfs.h.
  private static var isInInitialNamespaces: Bool {
    [("pid", 0xEFFF_FFFC), ("user", 0xEFFF_FFFD)].allSatisfy { (name: String, inode: UInt64) in
      var status = stat()
      return stat("/proc/self/ns/\(name)", &status) == 0 && UInt64(status.st_ino) == inode
    }
  }

  private static func failed(_ call: String) -> SourceError {
    SourceError(
      .unavailable, call: call, errno: Errno(rawValue: errno),
      remedy: "run as root on a kernel with CONFIG_CONNECTOR=y and CONFIG_PROC_EVENTS=y")
  }
}
