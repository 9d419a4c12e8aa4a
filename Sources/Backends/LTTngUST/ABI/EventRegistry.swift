import CLTTngUST
import CTFPackets
import Platform
import SubbufferSource
import Synchronization

/// Answers what a traced process asks on its notify socket: which ids its channels, events and enumerations get.
///
/// The process asks while it carries out a command of the other socket, so the answers come from a thread of their own.
final class EventRegistry: Sendable {
  /// The registrations so far.
  private struct State {
    var channels = 0
    var events: [String] = []
    var enumerations: UInt64 = 0
    var failure: SourceError?
  }

  private let socket: OwnedDescriptor
  private let channelID: UInt32
  private let header: EventHeader
  private let event: (name: String, id: UInt32)
  private let state = Mutex(State())

  /// - Parameters:
  ///   - channelID: the id that the channel gets.
  ///   - header: the form of event header that it gets.
  ///   - event: the event that is expected, and the id that it gets; others get those after it.
  init(socket: OwnedDescriptor, channelID: UInt32, header: EventHeader, event: (name: String, id: UInt32)) {
    self.socket = socket
    self.channelID = channelID
    self.header = header
    self.event = event
  }

  /// Answers until the process hangs up or the socket is shut down.
  func answerAll() {
    do throws(SourceError) {
      while try answerNext() {}
    } catch {
      state.withLock { $0.failure = error }
    }
  }

  /// Fails where the expected event was not registered so far.
  func checkEvent() throws(SourceError) {
    let (isRegistered, failure) = state.withLock { [event] in ($0.events.contains(event.name), $0.failure) }
    if let failure { throw failure }
    guard isRegistered else {
      throw SourceError(
        .unknownFormat, call: "register \(event.name)", detail: "the traced process did not register this event",
        remedy: "trace a program that has the tracepoint \(event.name)")
    }
  }

  /// `true` if there may be another question.
  private func answerNext() throws(SourceError) -> Bool {
    let socket = socket.rawValue
    var command: Int32 = 0
    // Every failure to receive is the end: the process is gone, or the session shut the socket down.
    guard clu_recv_notify(socket, &command) >= 0 else { return false }
    switch command {
    case CLU_NOTIFY_CHANNEL:
      var channel = clu_channel_registration()
      try checked(clu_recv_register_channel(socket, &channel), "lttng_ust_ctl_recv_register_channel")
      state.withLock { $0.channels += 1 }
      let form = header == .compact ? CLU_HEADER_COMPACT : CLU_HEADER_LARGE
      try checked(
        clu_reply_register_channel(socket, channelID, form, 0), "lttng_ust_ctl_reply_register_channel")
    case CLU_NOTIFY_EVENT:
      var event = clu_event_registration()
      try checked(clu_recv_register_event(socket, &event), "lttng_ust_ctl_recv_register_event")
      let name = withUnsafeBytes(of: event.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      let others = state.withLock { [expected = self.event.name] state in
        state.events.append(name)
        return state.events.count { $0 != expected }
      }
      let id = name == self.event.name ? self.event.id : self.event.id &+ UInt32(others)
      try checked(clu_reply_register_event(socket, id, 0), "lttng_ust_ctl_reply_register_event")
    case CLU_NOTIFY_ENUM:
      var enumeration = clu_enum_registration()
      try checked(clu_recv_register_enum(socket, &enumeration), "lttng_ust_ctl_recv_register_enum")
      let id = state.withLock { state in
        state.enumerations += 1
        return state.enumerations
      }
      try checked(clu_reply_register_enum(socket, id, 0), "lttng_ust_ctl_reply_register_enum")
    default:
      throw SourceError(.unknownFormat, call: "lttng_ust_ctl_recv_notify", detail: "command \(command)")
    }
    return true
  }
}
