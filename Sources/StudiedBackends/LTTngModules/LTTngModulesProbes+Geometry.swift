import Glibc
import LTTngModulesBackend
import Study
import SubbufferSource

extension LTTngModulesStudy {
  /// The size and number of sub-buffers.
  var liveGeometryProbes: [Probe] {
    [
      Probe(LTTngAnswers.oddSize) { (evidence) throws(SourceError) in
        for size in [8192, 12288] {
          for mode in RingConfiguration.Mode.allCases.reversed() {
            evidence.add("\(size), \(mode.rawValue)", try trial(mode, size: size, count: 8))
          }
        }
      },
      Probe(LTTngAnswers.sizeLimits) { (evidence) throws(SourceError) in
        let page = sysconf(Int32(_SC_PAGESIZE))
        for (name, size) in [("half a page", page / 2), ("1 page", page), ("128 pages", 128 * page)] {
          evidence.add(name, try trial(.overwrite, size: size, count: 2))
        }
      },
      Probe(LTTngAnswers.fewestSubbuffers) { (evidence) throws(SourceError) in
        for count in [1, 2, 3] {
          for mode in RingConfiguration.Mode.allCases.reversed() {
            evidence.add("\(count), \(mode.rawValue)", try trial(mode, size: 4096, count: count))
          }
        }
      },
    ]
  }

  /// The result of a request for a channel to the kernel.
  private func trial(_ mode: RingConfiguration.Mode, size: Int, count: Int) throws(SourceError) -> String {
    let attributes = ModulesChannelAttributes(
      mode: mode == .overwrite ? .overwrite : .discard, subbufferSize: size, subbufferCount: count)
    let modules = try LTTngModules()
    do throws(SourceError) {
      try ModulesSession(modules, attributes: attributes, process: getpid()).end()
      return "accepted"
    } catch {
      guard error.errno == .invalidArgument else { throw error }
      return "refused"
    }
  }
}
