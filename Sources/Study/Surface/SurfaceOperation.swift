/// The operations of a reader that are counted separately.
public enum SurfaceOperation: String, Codable, Sendable, CaseIterable {
  /// It waits for something to read, where there is something.
  case wait
  /// It has the partial sub-buffer ended.
  case flush
  /// It acquires a sub-buffer.
  case acquire
  /// It decodes the events of a sub-buffer, their payload left alone.
  case decode
  /// It releases the sub-buffer.
  case release
  /// It acquires where there is nothing.
  case acquireOfNothing = "acquire, nothing waiting"
  /// It reads every channel of losses.
  case lossChannels = "loss channels"

  /// `true` if it is done for every sub-buffer.
  public var isPerSubbuffer: Bool { self == .acquire || self == .decode || self == .release }
}
