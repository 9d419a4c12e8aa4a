/// The properties of a trace apart from its packets that a reader needs to interpret them.
public struct TraceDescription: Sendable, Equatable {
  /// The `uuid` of every packet header.
  public var uuid: TraceUUID
  /// The `stream_id` of every packet header: the channel.
  public var streamID: UInt32
  /// The form of the event headers.
  public var eventHeader: EventHeader
  /// The name of the one event class: `provider:name`.
  public var eventName: String
  /// The id of the event class.
  public var eventID: UInt32
  /// The version of the tracer that wrote the packets, `2.13.5`; readers know of defects of versions by it.
  public var tracerVersion: String
  /// The offset from the trace clock, which is CLOCK_MONOTONIC, to the time of day, in nanoseconds.
  public var clockOffset: UInt64

  /// Describes the trace of one channel with the workload's event in it.
  public init(
    uuid: TraceUUID, streamID: UInt32, eventHeader: EventHeader, eventName: String = "abi_compare:seq",
    eventID: UInt32, tracerVersion: String, clockOffset: UInt64 = 0
  ) {
    self.uuid = uuid
    self.streamID = streamID
    self.eventHeader = eventHeader
    self.eventName = eventName
    self.eventID = eventID
    self.tracerVersion = tracerVersion
    self.clockOffset = clockOffset
  }
}
