import SubbufferSource

/// The access counts of a complete reader of an ABI for a lap of whole sub-buffers: system calls, library calls, and
/// accesses to the memory that it shares with the writer.
public struct AccessCountsResult: Codable, Sendable, Equatable {
  /// Calls by one name.
  public struct Call: Codable, Sendable, Equatable {
    /// `ioctl`, `lttng_ust_ctl_get_next_subbuf`.
    public var name: String
    /// The number of times that it was made.
    public var count: UInt64

    /// Calls by one name.
    public init(name: String, count: UInt64) {
      self.name = name
      self.count = count
    }
  }

  /// The calls of one operation of the reader.
  public struct OperationCalls: Codable, Sendable, Equatable {
    /// The operation of the reader.
    public var operation: ReaderOperation
    /// The number of times that it did it.
    public var times: UInt64
    /// The calls that it made meanwhile, in all.
    public var calls: [Call]

    /// The calls of one operation.
    public init(operation: ReaderOperation, times: UInt64, calls: [Call]) {
      self.operation = operation
      self.times = times
      self.calls = calls
    }
  }

  /// The calls of a library.
  public struct LibraryCalls: Codable, Sendable, Equatable {
    /// The functions that it offers a reader, called or not.
    public var functions: [String]
    /// The operations with calls.
    public var operations: [OperationCalls]

    /// The calls of a library.
    public init(functions: [String], operations: [OperationCalls]) {
      self.functions = functions
      self.operations = operations
    }
  }

  /// The number of times that a field of the shared memory was read and written in one operation.
  public struct Accesses: Codable, Sendable, Equatable {
    /// The operation of the reader.
    public var operation: ReaderOperation
    /// Instructions that read it and did not write it.
    public var reads: UInt64
    /// Instructions that wrote it, those that read it as well included.
    public var writes: UInt64

    /// Accesses in one operation.
    public init(operation: ReaderOperation, reads: UInt64, writes: UInt64) {
      self.operation = operation
      self.reads = reads
      self.writes = writes
    }
  }

  /// A field of the shared memory, or one of the elements of an array by one name.
  public struct Field: Codable, Sendable, Equatable {
    /// The structure that contains it.
    public var part: String
    /// Its name; `nil` for a word of which nothing is known.
    public var name: String?
    /// The offset of the first element in the part, in bytes.
    public var offset: Int
    /// Its size in bytes.
    public var size: Int
    /// The number of elements.
    public var elements: Int
    /// Its accesses in the lap, of all elements; none where nothing touched it.
    public var accesses: [Accesses]
    /// In how many hand-overs it was read by an instruction that did not write it, added up over its elements.
    public var readIn: UInt64
    /// In how many hand-overs it was written, added up over its elements.
    public var writtenIn: UInt64

    /// A field.
    public init(
      part: String, name: String?, offset: Int, size: Int, elements: Int, accesses: [Accesses] = [], readIn: UInt64 = 0,
      writtenIn: UInt64 = 0
    ) {
      self.part = part
      self.name = name
      self.offset = offset
      self.size = size
      self.elements = elements
      self.accesses = accesses
      self.readIn = readIn
      self.writtenIn = writtenIn
    }
  }

  /// The accesses to the shared memory besides the events.
  public struct Memory: Codable, Sendable, Equatable {
    /// The number of bytes watched.
    public var watchedBytes: Int
    /// The fields that have a name, touched or not, and the words without one that were touched.
    public var fields: [Field]

    /// Makes the record of the watched memory.
    public init(watchedBytes: Int, fields: [Field]) {
      self.watchedBytes = watchedBytes
      self.fields = fields
    }
  }

  /// Something that was not counted.
  public struct NotCounted: Codable, Sendable, Equatable {
    /// The name of the count: `system calls`.
    public var what: String
    /// Why.
    public var reason: String
    /// The remedy; empty if none is known.
    public var remedy: String

    /// Something that was not counted.
    public init(what: String, reason: String, remedy: String) {
      self.what = what
      self.reason = reason
      self.remedy = remedy
    }
  }

  /// The back end.
  public var backend: String
  /// The mode of the ring buffer.
  public var mode: RingMode
  /// The way of reading: `mapping`.
  public var way: String
  /// The shape of the ring buffer and the load.
  public var setup: [Observation]
  /// The number of sub-buffers handed out; every number is of that many, a lap.
  public var handovers: UInt64
  /// The number of times that they were written and the reader waited, flushed, found nothing more and read the loss
  /// channels.
  public var loads: UInt64
  /// The system calls, by perf; `nil` where they were not counted.
  public var systemCalls: [OperationCalls]?
  /// The same in another process, by ptrace; `nil` where they were not counted.
  public var tracedCalls: [OperationCalls]?
  /// The calls of the ABI's library; `nil` if there is none or they were not counted.
  public var library: LibraryCalls?
  /// The accesses to the memory that is shared with the writer; `nil` if there is none or they were not counted.
  public var memory: Memory?
  /// The missing counts.
  public var notCounted: [NotCounted] = []

  /// Nothing counted yet.
  public init(
    backend: String, mode: RingMode, way: String, setup: [Observation], handovers: UInt64, loads: UInt64
  ) {
    self.backend = backend
    self.mode = mode
    self.way = way
    self.setup = setup
    self.handovers = handovers
    self.loads = loads
  }

  /// The operations whose system calls the two methods do not agree on; none where one of them was not counted.
  public var disagreeing: [ReaderOperation] {
    guard let systemCalls, let tracedCalls else { return [] }
    return ReaderOperation.allCases.filter { operation in
      systemCalls.first { $0.operation == operation } != tracedCalls.first { $0.operation == operation }
    }
  }
}

/// The operations of a reader that are counted separately.
public enum ReaderOperation: String, Codable, Sendable, CaseIterable {
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
