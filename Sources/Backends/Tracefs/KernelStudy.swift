import Glibc
import Results
import Study
import SubbufferSource
import TracefsABI

/// A back end of the kernel's design.
protocol KernelStudy: DesignStudy where Ring: KernelRing {
  /// The boot that probes with interrupted writers need; `nil` if they need none.
  var bootOfInterruptedWrites: ProbeBoot? { get }
}

extension KernelStudy {
  /// The probes that the live ring buffer and its models answer.
  var kernelProbes: [Probe] {
    handOverProbes + consumptionProbes + countersProbes + headersProbes + stalenessProbes + lossesProbes
      + positionsProbes
      + finalisationProbes + readinessProbes + readersProbes + misuseProbes + layoutProbes + geometryProbes
      + interruptedProbes
  }
}

extension KernelStudy {
  /// One round of reading on a ring buffer that was mapped: 16 events are written, acquired, read, and acquired again.
  func recordRound(
    _ ring: Ring, _ mapping: Ring.Mapping, writeCall: String, _ log: inout OperationLog
  ) throws(SourceError) {
    let atMap = mapping.metaPage
    let truth = try ring.write(16)
    log.add(
      .write, writeCall, "\(truth.accepted) events", atMap.changes(to: mapping.metaPage))
    for percent in [50, 0] {
      try ring.set(bufferPercent: percent)
      log.add(.wait, "write \(percent) to buffer_percent", noError)
      let events = try mapping.poll(0)
      log.add(
        .wait, "poll(fd, POLLIN)", Int32(events) & POLLIN != 0 ? "POLLIN" : "\(events)",
        [Observation("events written", truth.accepted)])
    }

    let before = mapping.metaPage
    let result = mapping.unsafeGetReader()
    let after = mapping.metaPage
    log.add(.acquire, calls.acquire, "\(result)", before.changes(to: after))
    let offset = UInt64(after.metaPageSize) &+ UInt64(after.readerID) &* UInt64(after.subbufferSize)
    log.add(
      .locate, "load meta.reader.id, meta.reader.read", "\(after.readerID), \(after.readerRead)",
      [Observation("offset of the reader sub-buffer in the mapping", offset)])

    let look = try mapping.look()
    log.add(
      .losses, "load commit of the sub-buffer, meta.reader.lost_events",
      "\(look.commitText), \(after.readerLostEvents)",
      [Observation("lost before, by the header", look.loss.text)])
    log.add(
      .read, "decode the mapped events", "\(look.sequences.count) events",
      [
        Observation("sequence numbers", look.sequences.asRange)
      ])

    log.add(.release, "the next acquire releases", "no call")
    let again = mapping.unsafeGetReader()
    log.add(.acquireAgain, calls.acquire, "\(again)", after.changes(to: mapping.metaPage))
  }
}

extension KernelStudy {
  /// The recipes of `TracefsSource` and of its model; the headers of v11 do not report losses.
  package var lossRecipes: [LossRecipe] {
    let total = [
      "after the last ioctl, load meta.overrun and read \"commit overrun\" and \"dropped events\" of "
        + "per_cpu/cpuN/stats",
      "sum the three; if one of them or meta.read has decreased since the last reading, the ring buffer was cleared: "
        + "add the last values before the clear",
    ]
    let overwrite =
      abis.contains(.kernelV11)
      ? ["after each ioctl that exchanges the sub-buffer: the increase of meta.overrun since the previous exchange"]
      : [
        "after each ioctl that exchanges the sub-buffer, load commit: if bit 30 is set, the u64 after the data",
        "else reader.lost_events, if it is not 0",
        "else if bit 31 is set, the increase of meta.overrun not yet accounted for: an upper bound that includes "
          + "losses before the reader attached",
        "else none",
      ]
    return [
      LossRecipe(mode: .overwrite, withEachHandover: overwrite, inTotal: total),
      LossRecipe(
        mode: .discard, withEachHandover: ["nothing: the mapping does not report dropped events"],
        inTotal: total),
    ]
  }
}
