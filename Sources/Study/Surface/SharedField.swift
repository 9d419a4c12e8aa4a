/// A field of the memory that a reader shares with the writer, beside the events.
public struct SharedField: Sendable, Equatable {
  /// What it is a part of: `struct trace_buffer_meta`.
  public var part: String
  /// Its name in the source of the ABI; the same for all elements of an array; `nil` where nothing is known to be there.
  public var name: String?
  /// Where it begins, in bytes from the beginning of the part, or of the memory where that is what the part is.
  public var offset: Int
  /// Its size in bytes: 1, 2, 4 or 8, and its address a multiple of that.
  public var size: Int
  /// Where it is in this process.
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
