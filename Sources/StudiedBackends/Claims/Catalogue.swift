import Study

/// Everything that is claimed or asked, in the order of the report.
public enum Catalogue {
  /// All claims.
  public static let claims: [Claim] =
    handOver + consumption + counters + headers + staleness
    + losses + positions + finalisation + readiness + readers
    + misuse + refusals + mapping + layout + compatibility
    + changes + geometry
}

/// What claims cite more than once. Mails are of linux-kernel.
enum Cited {
  /// The subject of the thread in which the two ABIs were compared.
  static let v11 = "Re: [PATCH v11 2/5] ring-buffer: Introducing ring-buffer mapping functions"
  /// The subject of the thread in which the flags of a mapping were settled.
  static let v22 = "Re: [PATCH v22 2/5] ring-buffer: Introducing ring-buffer mapping functions"
  /// The subject of the thread in which reader.read was introduced.
  static let v2 = "Re: [PATCH v2 1/2] ring-buffer: Introducing ring-buffer mapping functions"
  /// The subject of the cover letter that describes the mapping.
  static let rfc = "[RFC][PATCH 0/2] ring-buffer: Allow user space memorry mapping"
  /// The third posting of the patch that tells losses in the header of a mapped sub-buffer.
  static let missedEvents = "[PATCH v3] ring-buffer: Have mmapped ring buffer keep track of missed events"
  /// The format of LTTng's packets.
  static let ctf = "Common Trace Format (CTF) Specification, version 1.8.3, Event Packet Context Description"
}
