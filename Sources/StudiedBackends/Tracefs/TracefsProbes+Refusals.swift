import Glibc
import Platform
import Study
import SubbufferSource
import SystemPackage
import TracefsBackend

extension TracefsStudy {
  /// Probes of refusals while the ring buffer is mapped.
  var liveRefusalsProbes: [Probe] {
    [
      probe(KernelAnswers.resizeWhileMapped) { (ring, evidence) throws(SourceError) in
        do {
          let mapping = try ring.map()
          let instance = ring.instance
          evidence.add("mapped: buffer_size_kb", Attempt.set(instance, "buffer_size_kb", "256"))
          evidence.add(
            "mapped: per_cpu/cpuN/buffer_size_kb",
            Attempt.set(instance, "per_cpu/cpu\(ring.cpu)/buffer_size_kb", "256"))
          evidence.add("mapped: buffer_subbuf_size_kb", Attempt.set(instance, "buffer_subbuf_size_kb", "8"))
          evidence.add("nr_subbufs after it", mapping.metaPage.subbufferCount)
        }
        evidence.add("unmapped: buffer_size_kb", Attempt.set(ring.instance, "buffer_size_kb", "256"))
      },
      probe(KernelAnswers.refusedResize) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        evidence.add("sizes before", try ring.sizes(mapping))
        try ring.write(100)
        evidence.add("buffer_size_kb", Attempt.set(ring.instance, "buffer_size_kb", "256"))
        evidence.add("buffer_subbuf_size_kb", Attempt.set(ring.instance, "buffer_subbuf_size_kb", "8"))
        try ring.write(100, from: 100)
        evidence.add("sizes after", try ring.sizes(mapping))
        evidence.add("read", try mapping.readAllUnread().asRange)
      },
      probe(KernelAnswers.snapshotWhileMapped) { (ring, evidence) throws(SourceError) in
        let instance = ring.instance
        let exists = access("\(instance.path)/snapshot", F_OK) == 0
        evidence.add("the instance has a file snapshot", exists ? "yes" : "no")
        if !exists { return }
        let trigger = "events/sched/sched_switch/trigger"
        do {
          let mapping = try ring.map()
          withExtendedLifetime(mapping) {
            evidence.add("mapped: trigger snapshot", Attempt.set(instance, trigger, "snapshot"))
            evidence.add("mapped: 1 > snapshot", Attempt.set(instance, "snapshot", "1"))
          }
        }
        evidence.add("unmapped: trigger snapshot", Attempt.set(instance, trigger, "snapshot"))
        let file = try RingBufferFile(ring)
        evidence.add("armed: mmap", Attempt.map(file.descriptor, 4096, PROT_READ, MAP_SHARED))
        try instance.set(trigger, "!snapshot")
      },
      probe(KernelAnswers.spliceWhileMapped) { (ring, evidence) throws(SourceError) in
        try ring.write(500)
        let control = try ring.splice(subbuffers: 1)
        evidence.add("not mapped: splice", ErrnoName.result(Int32(control.result)))
        evidence.add("not mapped: events spliced", control.sequences.asRange)
        let mapping = try ring.map()
        let spliced = try ring.splice(subbuffers: 2)
        evidence.add("mapped: splice", ErrnoName.result(Int32(spliced.result)))
        evidence.add("mapped: events spliced", spliced.sequences.asRange)
        evidence.add("read through the mapping then", try mapping.readAllUnread().asRange)
        let all = control.sequences + spliced.sequences
        evidence.add("spliced in all", all.count)
        evidence.add("first that was not spliced", all.last.map { $0 + 1 } ?? 0)
        try ring.write(500, from: 500)
        evidence.add("mapped, behind a read(2) of 128 bytes of trace_pipe: read", try ring.readTracePipe(128))
        let behind = try ring.splice(subbuffers: 1)
        evidence.add("mapped, behind that read: splice", ErrnoName.result(Int32(behind.result)))
        evidence.add("mapped, behind that read: events spliced", behind.sequences.asRange)
      },
      probe(KernelAnswers.spliceLeavesLoss) { (ring, evidence) throws(SourceError) in
        var reader = KernelReader(try ring.map())
        try ring.write(2 * ring.eventsPerRing())
        try evidence.addSpliceControl()
        evidence.add("mapped: splice", ErrnoName.result(Int32(try ring.splice(subbuffers: 1).result)))
        for name in ["first", "second"] {
          guard let handover = try reader.next() else { return }
          evidence.add("\(name): events", handover.look.sequences.asRange)
          evidence.add("\(name): events missing before", handover.missing)
          evidence.add("\(name): commit", handover.look.commitText)
          evidence.add("\(name): bit 31 of commit", handover.look.hasMissedEvents ? 1 : 0)
          evidence.add("\(name): reader.lost_events", handover.meta.readerLostEvents)
        }
      },
      probe(KernelAnswers.removalWhileMapped) { (ring, evidence) throws(SourceError) in
        // One that has no writer: that has a file open.
        let instance = try TracefsInstance(in: ring.tracefs)
        do {
          let mapping = try WholeMapping(path: instance.ringBufferPath(cpu: ring.cpu), length: 4096)
          evidence.addRemovalControl()
          evidence.add("rmdir while mapped", Attempt.call(rmdir(instance.path)))
          _ = mapping.length
        }
        do throws(SourceError) {
          try instance.remove()
          evidence.add("rmdir after it", "0")
        } catch {
          evidence.add("rmdir after it", Attempt.call(-1))
        }
      },
      probe(KernelAnswers.refusedMapping) { (ring, evidence) throws(SourceError) in
        let file = try RingBufferFile(ring)
        let attempts = [
          MappingAttempt(name: "mmap, private", length: 4096, protection: PROT_READ, flags: MAP_PRIVATE),
          MappingAttempt(name: "mmap, too long", length: 1 << 30, protection: PROT_READ),
        ]
        try evidence.addMappingControl(attempts)
        for attempt in attempts { evidence.add(attempt.name, attempt(file.descriptor)) }
        evidence.add("buffer_size_kb", Attempt.set(ring.instance, "buffer_size_kb", "256"))
        evidence.add("buffer_subbuf_size_kb", Attempt.set(ring.instance, "buffer_subbuf_size_kb", "8"))
      },
    ]
  }
}

extension TracefsRing {
  /// The sizes of the ring buffer, as files and mapping tell them.
  fileprivate func sizes(_ mapping: TracefsMapping) throws(SourceError) -> String {
    let files = ["per_cpu/cpu\(cpu)/buffer_size_kb", "buffer_subbuf_size_kb"]
    var values: [String] = []
    for file in files { values.append(try instance.text(file).oneLine) }
    let meta = mapping.metaPage
    return "\(values.joined(separator: " KiB, ")) KiB, \(meta.subbufferCount) × \(meta.subbufferSize)"
  }
}
