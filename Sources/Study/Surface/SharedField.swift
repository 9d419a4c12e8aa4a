/// A field of the memory that a reader shares with the writer, besides the events.
public struct SharedField: Sendable, Equatable {
  /// The structure that contains it: `struct trace_buffer_meta`.
  public var part: String
  /// Its name in the source of the ABI; the same for all elements of an array; `nil` where nothing is known to be there.
  public var name: String?
  /// The offset in bytes, from the beginning of the part, or of the memory if that is the part.
  public var offset: Int
  /// Its size in bytes: 1, 2, 4 or 8, and its address a multiple of that.
  public var size: Int
  /// The address in this process.
  public var address: UInt

  /// Describes a field.
  public init(part: String, name: String?, offset: Int, size: Int, address: UInt) {
    self.part = part
    self.name = name
    self.offset = offset
    self.size = size
    self.address = address
  }
}
