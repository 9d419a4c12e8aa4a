import Study

/// A load under which recordings of LTTng's ring buffer are compared.
struct LTTngLoad {
  /// The load, and the way in which it is read.
  enum Course {
    /// As the load says.
    case plain(CrossCheckLoad)
    /// The count of discarded events grows, and then a flush ends a sub-buffer in which an event is not committed,
    /// whose packet gets an older count.
    case countFalls
  }

  /// Its name.
  var name: String
  /// The load, and the way in which it is read.
  var course: Course
  /// `true` if the last flush is `flush_buffer(stream, 0)`, which makes a packet also where no event was written since
  /// the last one was ended, as LTTng's own consumer does at the end; it brings the last count.
  var endsWithPacket: Bool

  /// A load that is read as its name defines.
  static func plain(_ load: CrossCheckLoad, endsWithPacket: Bool) -> LTTngLoad {
    LTTngLoad(
      name: endsWithPacket ? "\(load.name), with a last packet" : load.name, course: .plain(load),
      endsWithPacket: endsWithPacket)
  }

  /// All loads.
  static let all: [LTTngLoad] = [
    .plain(.nothingLost, endsWithPacket: false), .plain(.nothingLost, endsWithPacket: true),
    .plain(.stalled, endsWithPacket: false), .plain(.stalled, endsWithPacket: true),
    .plain(.fallsBehind, endsWithPacket: true), .plain(full, endsWithPacket: false),
    .plain(full, endsWithPacket: true),
    LTTngLoad(name: "the count falls back", course: .countFalls, endsWithPacket: false),
  ]

  /// 59 events of 68 bytes fill the 4012 bytes after a packet's header to the last one: the packet is ended by its own
  /// last event, before anything is lost after it. Only the stream's first event may be longer, for its whole time, and
  /// its packet have room at the end.
  private static let full = CrossCheckLoad(
    name: "packets filled to the last byte", payload: 52, halves: 6, reader: .afterTheWriter)

  /// The same with a number of events that was drawn.
  func drawing(_ generator: inout SeededGenerator) -> LTTngLoad {
    guard case .plain(let load) = course else { return self }
    var drawn = self
    drawn.course = .plain(load.drawing(&generator))
    return drawn
  }
}
