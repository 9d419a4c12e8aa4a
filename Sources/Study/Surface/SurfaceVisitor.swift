import SubbufferSource
import Workload

/// The parts of an open ring buffer that are needed to count a reader's accesses.
public struct SurfaceParts {
  /// The way: `mapping`, `read(2)`.
  public var way: String
  /// After how many hand-overs each sub-buffer had its turn.
  public var lap: Int
  /// The memory that the reader shares with the writer, word by word, the sub-buffers' events left out; empty where there is
  /// none.
  public var memory: [SharedField]
  /// Why ``memory`` is not known, where it is there.
  public var memoryUnknown: SourceError?
  /// The functions of a library that the reader calls; `nil` where it calls the kernel itself.
  public var library: SurfaceLibrary?

  /// Describes a way of reading.
  public init(
    way: String, lap: Int, memory: [SharedField] = [], memoryUnknown: SourceError? = nil, library: SurfaceLibrary? = nil
  ) {
    self.way = way
    self.lap = lap
    self.memory = memory
    self.memoryUnknown = memoryUnknown
    self.library = library
  }
}

/// A library whose calls can be counted.
public protocol SurfaceLibrary {
  /// The functions that it offers a reader.
  var functions: [String] { get }

  /// Calls `body` while calls are counted.
  /// - Throws: what `body` throws, and ``SourceError`` where they cannot be.
  func whileCounting(_ body: () throws(SourceError) -> Void) throws(SourceError)

  /// The number of times that the calling thread has called each of ``functions`` while calls were counted.
  var counts: [UInt64] { get }
}

/// Something that counts what a reader touches, on each way of reading a ring buffer.
public protocol SurfaceVisitor {
  /// Reads in one way, on a ring buffer of its own.
  /// - Throws: ``SourceError`` where a call fails.
  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer, _ parts: SurfaceParts
  ) throws(SourceError)
}
