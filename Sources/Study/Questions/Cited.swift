/// Sources that several claims cite. The mails are on linux-kernel.
package enum Cited {
  /// The subject of the thread that compares the two ABIs.
  package static let v11 = "Re: [PATCH v11 2/5] ring-buffer: Introducing ring-buffer mapping functions"
  /// The subject of the thread that settles the flags of a mapping.
  package static let v22 = "Re: [PATCH v22 2/5] ring-buffer: Introducing ring-buffer mapping functions"
  /// The subject of the thread that introduces reader.read.
  package static let v2 = "Re: [PATCH v2 1/2] ring-buffer: Introducing ring-buffer mapping functions"
  /// The subject of the cover letter that describes the mapping.
  package static let rfc = "[RFC][PATCH 0/2] ring-buffer: Allow user space memorry mapping"
  /// The third posting of the patch that reports losses in the header of a mapped sub-buffer.
  package static let missedEvents = "[PATCH v3] ring-buffer: Have mmapped ring buffer keep track of missed events"
  /// The format of LTTng's packets.
  package static let ctf = "Common Trace Format (CTF) Specification, version 1.8.3, Event Packet Context Description"
}
