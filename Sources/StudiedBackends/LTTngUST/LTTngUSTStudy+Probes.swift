import Study
import SubbufferSource

extension LTTngUSTStudy {
  /// All probes on LTTng-UST's ring buffer: those that its model answers too, and those about the library.
  public var probes: [Probe] {
    lttngProbes + liveProbes
  }

  /// The probes that only the live ring buffer can answer.
  var liveProbes: [Probe] {
    liveFinalisationProbes + liveReadinessProbes + liveMisuseProbes + liveMappingProbes
      + liveChangesProbes + liveGeometryProbes + populatedPacketProbes + stopsProbes
      + [eventLengthProbe, idsProbe]
  }

  /// The id of the channel is not 0, so that an id that is not filled in is another one.
  private var idsProbe: Probe {
    Probe(LTTngAnswers.idsOfEmpty) { (evidence) throws(SourceError) in
      let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
      try LTTngUSTRing.with(configuration, adjust: { $0.channelID = 7 }) { (ring) throws(SourceError) in
        try observeIDs(ring, &evidence)
      }
    }
  }
}
