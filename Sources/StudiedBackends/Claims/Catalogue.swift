import Study

/// All claims and questions, in the order of the report.
public enum Catalogue {
  /// All claims.
  public static let claims: [Claim] =
    handOver + consumption + counters + headers + staleness
    + losses + positions + finalisation + readiness + readers
    + misuse + refusals + mapping + layout + compatibility
    + changes + geometry
}

/// Sources that several claims cite. The mails are on linux-kernel.
enum Cited {
  /// The subject of the thread that compares the two ABIs.
  static let v11 = "Re: [PATCH v11 2/5] ring-buffer: Introducing ring-buffer mapping functions"
  /// The subject of the thread that settles the flags of a mapping.
  static let v22 = "Re: [PATCH v22 2/5] ring-buffer: Introducing ring-buffer mapping functions"
  /// The subject of the thread that introduces reader.read.
  static let v2 = "Re: [PATCH v2 1/2] ring-buffer: Introducing ring-buffer mapping functions"
  /// The subject of the cover letter that describes the mapping.
  static let rfc = "[RFC][PATCH 0/2] ring-buffer: Allow user space memorry mapping"
  /// The third posting of the patch that reports losses in the header of a mapped sub-buffer.
  static let missedEvents = "[PATCH v3] ring-buffer: Have mmapped ring buffer keep track of missed events"
  /// The format of LTTng's packets.
  static let ctf = "Common Trace Format (CTF) Specification, version 1.8.3, Event Packet Context Description"
}
