/// A sub-buffer as a source hands it over, without any protection against use after its release.
///
/// Only conforming types make one and only ``SubbufferSource/acquire()`` takes it.
public struct UnsafeHandover {
  /// The first byte of the sub-buffer, its header included.
  public var start: UnsafeRawPointer
  /// The number of bytes, header included, up to the end of the last event handed over.
  public var count: Int
  /// The offset of the first event that was not handed out before, in bytes from `start`.
  public var unreadOffset: Int
  /// The report of the ABI on the events lost before this hand-over.
  public var loss: Loss
  /// The channel of the report.
  public var lossChannel: LossChannel
  /// The sub-buffer's own number: the kernel's `reader.id`, LTTng's `packet_seq_num`.
  public var number: UInt64
  /// The release call; `nil` where the next acquire is the release.
  public var put: UnsafePut?

  /// Describes a sub-buffer that is held from now on.
  public init(
    start: UnsafeRawPointer, count: Int, unreadOffset: Int, loss: Loss, lossChannel: LossChannel, number: UInt64,
    put: UnsafePut? = nil
  ) {
    self.start = start
    self.count = count
    self.unreadOffset = unreadOffset
    self.loss = loss
    self.lossChannel = lossChannel
    self.number = number
    self.put = put
  }
}

/// The call that releases a sub-buffer.
public struct UnsafePut {
  /// Releases; returns 0 or a negative errno.
  public var call: @convention(c) (UnsafeMutableRawPointer) -> Int32
  /// The argument of `call`.
  public var context: UnsafeMutableRawPointer
  /// The name of the call, for the error it may cause.
  public var name: StaticString

  /// Describes a release call.
  public init(
    _ name: StaticString, _ context: UnsafeMutableRawPointer,
    call: @escaping @convention(c) (UnsafeMutableRawPointer) -> Int32
  ) {
    self.call = call
    self.context = context
    self.name = name
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
