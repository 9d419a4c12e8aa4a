import CLTTngModules
import CTFPackets
import Platform
import SubbufferSource
import Synchronization
import SystemPackage

/// One session of the kernel tracer with one channel, into which the logger's events of one process are recorded.
///
/// Every session gets what anybody writes to the logger; so this one tracks a process.
///
/// The session is started when it is made. When it has ended (``end()``), the ring buffers are finalized: what they hold
/// stays readable as long as somebody holds a stream, and then the reader is told that nothing will come any more.
package final class ModulesSession: Sendable {
  /// The tracer.
  package let modules: LTTngModules
  /// The channel.
  package let channel: ModulesChannel
  /// The form of the event headers in its packets: compact, which a channel of less than 31 events has
  /// (`lttng_session_enable` of `lttng-events.c`).
  package let eventHeader = EventHeader.compact
  /// The id of the event in its packets: the channel's first.
  package let eventID: UInt32 = 0

  /// The session's own file and its event's, until the session has ended.
  private let files: Mutex<(session: OwnedDescriptor, event: OwnedDescriptor)?>

  /// Makes a session and a channel, has the event recorded into it, and starts the session.
  ///
  /// The corresponding ioctls are `LTTNG_KERNEL_ABI_SESSION`, `LTTNG_KERNEL_ABI_CHANNEL`, `LTTNG_KERNEL_ABI_EVENT`,
  /// `LTTNG_KERNEL_ABI_ENABLE`, `LTTNG_KERNEL_ABI_SESSION_TRACK_ID` and `LTTNG_KERNEL_ABI_SESSION_START`.
  /// - Parameters:
  ///   - attributes: what the channel is made with.
  ///   - process: whose events are recorded: its id in its own namespace.
  /// - Throws: ``SourceError`` with the step that failed; `EINVAL` of `CHANNEL` is all that the kernel says of attributes
  ///   that it refuses, and of a client module that is not loaded.
  package init(_ modules: LTTngModules, attributes: ModulesChannelAttributes, process: Int32) throws(SourceError) {
    let session = OwnedDescriptor(inheritable: try modules.descriptor.call(clm_session_request, "ioctl SESSION"))
    let channel = try ModulesChannel(session, attributes)
    let event = try channel.recordLogger()
    var tracked = clm_tracker_args(type: CLM_TRACKER_VPID.rawValue, id: process)
    try session.call(clm_session_track_id_request, "ioctl SESSION_TRACK_ID of VPID \(process)", &tracked)
    try session.call(clm_session_start_request, "ioctl SESSION_START")
    self.modules = modules
    self.channel = channel
    files = Mutex((session, event))
  }

  /// Stops recording.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_SESSION_STOP`.
  /// - Throws: ``SourceError`` with `EBUSY` where it is stopped.
  package func stop() throws(SourceError) {
    try session().call(clm_session_stop_request, "ioctl SESSION_STOP")
  }

  /// Records again after ``stop()``.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_SESSION_START`.
  /// - Throws: ``SourceError`` with `EBUSY` where it is started.
  package func restart() throws(SourceError) {
    try session().call(clm_session_start_request, "ioctl SESSION_START")
  }

  /// Ends the session: stops it, which ends the partial sub-buffers, and closes its files, upon which the kernel takes it
  /// down and finalizes its ring buffers. The streams that somebody has stay open; the others of the channel are closed.
  package func end() {
    files.withLock { files in
      // It may be stopped already.
      _ = files.map { clm_call($0.session.rawValue, clm_session_stop_request) }
      files = nil
    }
    channel.close()
  }

  /// Does something that needs the session, unless it has ended; it cannot end meanwhile.
  /// - Returns: what `body` returned; `nil` where the session has ended.
  package func whileAlive(_ body: () -> Int32) -> Int32? {
    files.withLock { $0 == nil ? nil : body() }
  }

  private func session() throws(SourceError) -> OwnedDescriptor {
    guard let session = files.withLock({ $0?.session }) else {
      throw SourceError(.usage, call: "ioctl of a session", detail: "the session has ended")
    }
    return session
  }
}
