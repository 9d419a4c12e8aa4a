/// A sub-buffer that is held: a borrowed view of the ring buffer's own memory, valid until it is released.
///
/// It can be neither copied nor stored, a second one cannot be acquired while it is held, and it cannot be used after
/// ``release()``; each of these is an error of the compiler.
///
/// Two holes are known in Swift 6.3. A lease that is not released explicitly is released at the end of its scope, but
/// counts as gone after its last use: an acquire between the two compiles. And a variable of type ``Acquired`` or
/// `Subbuffer?` that is declared before its source, and assigned in the source's scope, may outlive it. So end each
/// hand-over with ``release()``, or use ``SubbufferSource/withNext(_:)``, which does.
@frozen
public struct Subbuffer: ~Copyable, ~Escapable {
  @usableFromInline let handover: UnsafeHandover

  @inlinable
  @_lifetime(immortal)
  init(unsafe handover: UnsafeHandover) {
    self.handover = handover
  }

  /// All bytes of the sub-buffer from its header to the end of the last event handed out.
  ///
  /// Read it in a function that borrows the sub-buffer, or through ``withBytes(_:)``. Swift 6.3 takes a `let` binding
  /// whose bytes were read in the same scope for still borrowed and refuses its release there; with
  /// `case .subbuffer(var subbuffer)` it does not.
  public var bytes: RawSpan {
    @inlinable
    @_lifetime(borrow self)
    get {
      let span = RawSpan(_unsafeStart: handover.start, byteCount: handover.count)
      return _overrideLifetime(span, borrowing: self)
    }
  }

  /// Calls `body` with all bytes of the sub-buffer.
  @inlinable
  public borrowing func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
    body(bytes)
  }

  /// The offset in ``bytes`` of the first event that was not handed out before; the events before it were part of an
  /// earlier hand-over of the same sub-buffer (clause 3).
  @inlinable
  public var unreadOffset: Int { handover.unreadOffset }

  /// The number of bytes that were not handed out before.
  @inlinable
  public var unreadCount: Int { handover.count - handover.unreadOffset }

  /// The report of the ABI on the events lost since the hand-over before this one (clause 9).
  @inlinable
  public var loss: Loss { handover.loss }

  /// The channel that reported ``loss``.
  @inlinable
  public var lossChannel: LossChannel { handover.lossChannel }

  /// The sub-buffer's own number: the kernel's `reader.id`, LTTng's `packet_seq_num`.
  @inlinable
  public var number: UInt64 { handover.number }

  /// Releases the sub-buffer.
  /// - Throws: ``SourceError`` where the ABI has a release call and it refuses.
  @inlinable
  public consuming func release() throws(SourceError) {
    let handover = handover
    discard self
    guard let put = handover.put else { return }
    let result = put.call(put.context)
    if result < 0 { throw SourceError.releaseRefused(call: put.name, code: -result) }
  }

  deinit {
    // An error cannot be thrown here; the source's next acquire meets it again.
    if let put = handover.put { _ = put.call(put.context) }
  }
}

/// The outcome of ``SubbufferSource/acquire()``.
public enum Acquired: ~Copyable, ~Escapable {
  /// A sub-buffer is held.
  case subbuffer(Subbuffer)
  /// There is nothing to read at the moment.
  case nothingYet
  /// There will never be anything to read again.
  case finished
}

/// The outcome of ``SubbufferSource/withNext(_:)``.
public enum Visited<Result> {
  /// A sub-buffer was acquired, visited and released.
  case subbuffer(Result)
  /// There is nothing to read at the moment.
  case nothingYet
  /// There will never be anything to read again.
  case finished
}

extension SubbufferSource where Self: ~Copyable {
  /// Acquires the next sub-buffer. The source cannot be used until the sub-buffer is released.
  /// - Throws: ``SourceError`` where the ABI refuses.
  @inlinable
  @_lifetime(&self)
  public mutating func acquire() throws(SourceError) -> Acquired {
    switch try unsafeAcquire() {
    case .subbuffer(let handover): return .subbuffer(Subbuffer(unsafe: handover))
    case .nothingYet: return .nothingYet
    case .finished: return .finished
    }
  }

  /// Acquires the next sub-buffer, calls `body` with it, and releases it, also where `body` throws.
  /// - Throws: what `body` throws, or ``SourceError`` where the ABI refuses.
  @inlinable
  public mutating func withNext<Result>(
    _ body: (borrowing Subbuffer) throws(SourceError) -> Result
  ) throws(SourceError) -> Visited<Result> {
    switch try acquire() {
    case .subbuffer(let subbuffer):
      let result = try body(subbuffer)
      try subbuffer.release()
      return .subbuffer(result)
    case .nothingYet: return .nothingYet
    case .finished: return .finished
    }
  }
}

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
  @inlinable
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
