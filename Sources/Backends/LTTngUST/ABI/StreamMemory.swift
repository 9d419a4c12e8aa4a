import CLTTngUST
import Glibc
import SubbufferSource
import SystemPackage

/// The layout of the shared memory of a stream, apart from the data of its sub-buffers.
///
/// The memory begins with `struct lttng_ust_ring_buffer`; arrays for its sub-buffers follow, before and after the data
/// (`lib_ring_buffer_backend_allocate` in `ring_buffer_backend.c` of LTTng-UST 2.13.5 to 2.16).
public struct StreamMemory {
  /// A field of a structure, or of one element of an array of them.
  public struct Field: Sendable, Equatable {
    /// The structure.
    public var part: String
    /// The field's name, the same for every element.
    public var name: String
    /// The offset from ``StreamMemory/start``, in bytes.
    public var offset: Int
    /// Its size in bytes.
    public var size: Int
  }

  /// The address of the memory.
  public let start: UnsafeRawPointer
  /// Its size in bytes.
  public let length: Int
  /// The bytes that are the data of sub-buffers, from ``start``.
  public let data: Range<Int>
  /// The fields that are known.
  public let fields: [Field]

  /// Looks at the memory of a stream.
  /// - Throws: ``SourceError`` where its mapping is not found, and of kind `unknownFormat` where it is not laid out as that
  ///   of the loaded version of LTTng-UST.
  public init(_ stream: borrowing ConsumerStream) throws(SourceError) {
    let base = UnsafeRawPointer(try stream.getMmapBase())
    let mapping = try MappedRange(around: UInt(bitPattern: base))
    guard let start = UnsafeRawPointer(bitPattern: mapping.range.lowerBound) else {
      throw SourceError(call: "read /proc/self/maps", detail: "a mapping at 0")
    }
    self.start = start
    var length = mapping.range.count
    let first = base - start
    data = first..<first + (try stream.checkedMmapLength())
    let most = clu_stream_memory(start, &length, nil, 0)
    guard most >= 0 else {
      throw SourceError(
        .unknownFormat, call: "look at the memory of a stream", errno: Errno(rawValue: Int32(-most)),
        detail: "the layout is not that of LTTng-UST \(String(cString: clu_library_version())) on this architecture",
        remedy: "report it with the version of LTTng-UST")
    }
    var found = [clu_memory_field](repeating: clu_memory_field(), count: most)
    _ = clu_stream_memory(start, &length, &found, found.count)
    self.length = length
    fields = found.map {
      Field(part: String(cString: $0.part), name: String(cString: $0.name), offset: $0.offset, size: $0.size)
    }
  }
}

/// A mapping of this process, as `/proc/self/maps` has it.
private struct MappedRange {
  let range: Range<UInt>

  init(around address: UInt) throws(SourceError) {
    guard let maps = fopen("/proc/self/maps", "re") else { throw SourceError(call: "open /proc/self/maps") }
    defer { fclose(maps) }
    var line = [CChar](repeating: 0, count: 4096)
    while fgets(&line, Int32(line.count), maps) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let ends = text.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
      if ends.count == 2, ends[0] <= address, address < ends[1] {
        range = ends[0]..<ends[1]
        return
      }
    }
    throw SourceError(call: "read /proc/self/maps", detail: "no mapping around the stream's memory")
  }
}
