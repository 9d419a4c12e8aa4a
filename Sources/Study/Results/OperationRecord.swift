/// One call of one round of reading, as it was made and what it brought about.
public struct OperationRecord: Codable, Sendable, Equatable {
  /// The steps of a reader, in which the calls of the ABIs are put side by side.
  public enum Step: String, Codable, Sendable, CaseIterable {
    case open
    case map
    case wait
    case acquire
    case locate
    case losses
    case read
    case release
    case acquireAgain = "acquire again"
    case flush
    case close
  }

  /// The back end.
  public var backend: String
  /// The step that the call belongs to.
  public var step: Step
  /// The call as it was made: `ioctl(fd, TRACE_MMAP_IOCTL_GET_READER)`.
  public var call: String
  /// What it returned: `0`, `-EAGAIN`.
  public var result: String
  /// What it brought about, as `before → after` where it changed something.
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
