/// A sub-buffer as a source hands it over, without any protection against use after its release.
///
/// Only conforming types make one and only ``SubbufferSource/acquire()`` takes it.
public struct UnsafeHandover {
  /// The call that releases a sub-buffer; returns 0 or a negative errno.
  public typealias Put = @convention(c) (UnsafeMutableRawPointer) -> Int32

  /// The first byte of the sub-buffer, its header included.
  public var start: UnsafeRawPointer
  /// The number of bytes, header included, up to the end of the last event handed over.
  public var count: Int
  /// The offset of the first event that was not handed out before, in bytes from `start`.
  public var unreadOffset: Int
  /// What the ABI told about the events lost before this hand-over.
  public var loss: Loss
  /// Where the ABI told it.
  public var lossChannel: LossChannel
  /// The sub-buffer's own number: the kernel's `reader.id`, LTTng's `packet_seq_num`.
  public var number: UInt64
  /// The release call and what to pass to it; `nil` where the next acquire is the release.
  public var put: Put?
  /// The argument of `put`.
  public var putContext: UnsafeMutableRawPointer?
  /// The name of the release call, for the error it may cause.
  public var putName: StaticString

  /// Describes a sub-buffer that is held from now on.
  public init(
    start: UnsafeRawPointer, count: Int, unreadOffset: Int, loss: Loss, lossChannel: LossChannel, number: UInt64,
    put: Put? = nil, putContext: UnsafeMutableRawPointer? = nil, putName: StaticString = ""
  ) {
    self.start = start
    self.count = count
    self.unreadOffset = unreadOffset
    self.loss = loss
    self.lossChannel = lossChannel
    self.number = number
    self.put = put
    self.putContext = putContext
    self.putName = putName
  }
}

/// The outcome of ``SubbufferSource/unsafeAcquire()``.
public enum UnsafeOutcome {
  /// A sub-buffer is held and must be released.
  case subbuffer(UnsafeHandover)
  /// There is nothing to read at the moment.
  case nothingYet
  /// There will never be anything to read again.
  case finished
}
