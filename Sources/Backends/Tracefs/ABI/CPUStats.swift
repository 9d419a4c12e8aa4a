import SubbufferSource

/// The counters of `per_cpu/cpuN/stats`, since the instance was made or its trace cleared.
public struct CPUStats: Sendable, Equatable {
  /// Events in the ring buffer that were not read.
  public var entries: UInt64
  /// Events that were overwritten before they were read.
  public var overrun: UInt64
  /// Events lost since a commit was interrupted for longer than the whole ring buffer.
  public var commitOverrun: UInt64
  /// Events that the writer dropped, with `overwrite` off.
  public var droppedEvents: UInt64
  /// Events that were read.
  public var readEvents: UInt64

  /// The counters by their values.
  public init(entries: UInt64, overrun: UInt64, commitOverrun: UInt64, droppedEvents: UInt64, readEvents: UInt64) {
    self.entries = entries
    self.overrun = overrun
    self.commitOverrun = commitOverrun
    self.droppedEvents = droppedEvents
    self.readEvents = readEvents
  }

  /// Reads the text of the file, one `name: value` a line.
  /// - Throws: ``SourceError`` of kind `unknownFormat` where a counter is missing.
  public init(parsing text: String) throws(SourceError) {
    var values: [Substring: UInt64] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { values[parts[0]] = UInt64(parts[1].drop { $0 == " " }) }
    }
    func value(_ name: Substring) throws(SourceError) -> UInt64 {
      guard let value = values[name] else {
        throw SourceError(
          .unknownFormat, call: "read per_cpu/cpuN/stats", detail: "no counter '\(name)'",
          remedy: "report it: the format of this kernel's file is unknown")
      }
      return value
    }
    entries = try value("entries")
    overrun = try value("overrun")
    commitOverrun = try value("commit overrun")
    droppedEvents = try value("dropped events")
    readEvents = try value("read events")
  }
}
