/// One call of one round of reading, as it was made and what it brought about.
public struct OperationRecord: Codable, Sendable, Equatable {
  /// The steps of a reader, in which the calls of the ABIs are put side by side.
  public enum Step: String, Codable, Sendable, CaseIterable {
    /// The ring buffer is made and its options are set.
    case setUp = "set up"
    /// The reader opens it.
    case open
    /// The reader maps its memory.
    case map
    /// The writer writes events.
    case write
    /// The reader ends the writer's partial sub-buffer.
    case flush
    /// The reader asks whether there is something to read.
    case wait
    /// The reader takes a sub-buffer.
    case acquire
    /// The reader finds out where the sub-buffer is.
    case locate
    /// The reader finds out what was lost before it.
    case losses
    /// The reader decodes the events.
    case read
    /// The reader gives the sub-buffer back.
    case release
    /// The reader acquires with nothing new to read.
    case acquireAgain = "acquire again"
  }

  /// The back end.
  public var backend: String
  /// The step that the call belongs to.
  public var step: Step
  /// The call as it was made: `ioctl(fd, TRACE_MMAP_IOCTL_GET_READER)`.
  public var call: String
  /// The return value: `0`, `-EAGAIN`.
  public var result: String
  /// The effects, as `before → after` if something changed.
  public var effects: [Observation]

  /// A recorded call.
  public init(backend: String, step: Step, call: String, result: String, effects: [Observation] = []) {
    self.backend = backend
    self.step = step
    self.call = call
    self.result = result
    self.effects = effects
  }
}
