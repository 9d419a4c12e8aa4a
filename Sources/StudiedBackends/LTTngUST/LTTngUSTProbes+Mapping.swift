import CPlatform
import Glibc
import LTTngUSTBackend
import Platform
import Study
import SubbufferSource
import SystemPackage

extension LTTngUSTStudy {
  /// Probes of the memory of a stream.
  var liveMappingProbes: [Probe] {
    [
      probe(LTTngAnswers.mappingInherited) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.addLoads(of: try stream.stream.getMmapBase())
      },
      probe(LTTngAnswers.debuggerReads) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.addDebuggersRead(of: try stream.stream.getMmapBase())
      },
      probe(LTTngAnswers.droppedPages) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(500)
        let got = stream.unsafeGetNextSubbuffer()
        guard got == 0 else {
          throw SourceError(call: "get_next_subbuf", errno: Errno(rawValue: -got))
        }
        let before = try stream.look().bytes
        let start = try stream.stream.getMmapBase() + Int(try stream.stream.unsafeGetMmapReadOffset())
        evidence.add("madvise(MADV_DONTNEED)", Attempt.call(madvise(start, before.count, MADV_DONTNEED)))
        evidence.add("load after it", signalText(cprocess_load(start)))
        evidence.add("the same bytes", try stream.look().bytes == before ? "yes" : "no")
        try stream.putNext()
      },
      probe(LTTngAnswers.outsideHeld) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(3 * ring.eventsPerSubbuffer() + ring.eventsPerSubbuffer() / 2)
        try stream.getNext()
        let size = ring.configuration.subbufferSize
        let base = UnsafeRawPointer(try stream.stream.getMmapBase())
        let held = try Int(stream.stream.unsafeGetMmapReadOffset())
        evidence.add("load of the held sub-buffer", signalText(cprocess_load(base + held)))
        // The sub-buffers lie one after the other; the memory before them holds positions and counters.
        let count = ring.configuration.subbufferCount + 1
        let first = held % size
        let offsets = (0..<count).map { first + $0 * size }.filter { $0 != held }
        let mapped = try Int(stream.stream.getMmapLength())
        evidence.addLoads(ofOthers: offsets.filter { $0 + size <= mapped }.map { base + $0 })
        try stream.putNext()
      },
      probe(LTTngAnswers.storesRefused) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(2 * ring.eventsPerSubbuffer() + 1)
        try stream.getNext()
        let start = try stream.stream.getMmapBase() + Int(try stream.stream.unsafeGetMmapReadOffset())
        evidence.addStoresAsDebugger(into: start)
        evidence.add("writable mapping", "the library's own")
        evidence.addStore(into: start, by: start)
        try stream.putNext()
      },
      Probe(LTTngAnswers.truncatedMemory) { (evidence) throws(SourceError) in
        let library = try LTTngUSTLibrary()
        // The one that is cut comes last: the library may be of no use any more.
        for (name, isSealed) in [("sealed", true), ("not sealed", false)] {
          let trial = try ChannelTrial.truncate(library, sealed: isSealed)
          evidence.add("\(name): ftruncate", ErrnoName.result(trial.truncation))
          let wasLeft = trial.signals >= ChannelTrial.mostSignals
          evidence.add(
            "\(name): get_next_subbuf", wasLeft ? "does not return" : ErrnoName.result(trial.getNext))
          evidence.add("\(name): SIGBUS", wasLeft ? "\(trial.signals) and more" : "\(trial.signals)")
        }
      },
    ]
  }
}
