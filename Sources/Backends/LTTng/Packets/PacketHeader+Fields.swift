extension PacketHeader {
  /// A field of the header, or a part of one whose address is a multiple of its size.
  public struct Field: Sendable, Equatable {
    /// Its name in `struct packet_header` of LTTng-UST.
    public let name: String
    /// Its offset, in bytes.
    public let offset: Int
    /// Its size in bytes.
    public let size: Int
  }

  /// The fields, in order; `uuid` in three parts.
  public static let fields = [
    Field(name: "magic", offset: 0, size: 4),
    Field(name: "uuid[0..<4]", offset: 4, size: 4),
    Field(name: "uuid[4..<12]", offset: 8, size: 8),
    Field(name: "uuid[12..<16]", offset: 16, size: 4),
    Field(name: "stream_id", offset: 20, size: 4),
    Field(name: "stream_instance_id", offset: 24, size: 8),
    Field(name: "timestamp_begin", offset: 32, size: 8),
    Field(name: "timestamp_end", offset: 40, size: 8),
    Field(name: "content_size", offset: 48, size: 8),
    Field(name: "packet_size", offset: 56, size: 8),
    Field(name: "packet_seq_num", offset: 64, size: 8),
    Field(name: "events_discarded", offset: 72, size: 8),
    Field(name: "cpu_id", offset: 80, size: 4),
  ]
}
