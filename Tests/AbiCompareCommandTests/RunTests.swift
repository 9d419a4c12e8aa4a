import BackendList
import Foundation
import Platform
import Report
import Results
import Study
import Testing

extension ToolTests {
  /// Whole runs on this machine.
  @Suite struct RunTests {
    /// The modes that the ring buffers of each back end have.
    private static let modes = Dictionary(
      uniqueKeysWithValues: BackendList.set.all(producerCPU: 0).map { ($0.name, $0.modes) })

    /// One quick run: the results are complete, the report can be regenerated from them alone, and nothing remains.
    @Test func quickRunIsCompleteAndRepeatable() throws {
      let before = SharedState()
      try Tool.withDirectory { directory in
        let out = directory.appending(path: "deep/report")
        let outcome = try Tool.run("run", "--profile", "quick", "--seed", "7", "--out", out.path)
        try #require(outcome.status == 0, "\(outcome.errors)")
        #expect(Traces(of: outcome.pid).isEmpty)
        #expect(outcome.output == "\(out.path)/report.md\n")
        let names = Tool.names(out.path)
        for name in ["report.md", "report.txt", "results.json", "findings.md", "growth.svg", "writer-tail.svg"] {
          #expect(names.contains(name), "\(name)")
        }
        for name in names where name.hasSuffix(".md") {
          let size = try Data(contentsOf: out.appending(path: name)).count
          #expect(size <= (name == "report.md" ? 60_000 : 300_000), "\(name)")
        }

        let records = try ResultsFile.read(from: out.appending(path: "results.json").path)
        let results = StudyResults(judging: records, by: ProbeJudges(BackendList.claims))
        #expect(results.schemaVersion == StudyRecords.currentSchemaVersion)
        #expect(results.run.seed == 7)
        let leftOut = results.run.leftOut ?? []
        #expect(!results.lossScenariosLeftOut.isEmpty && leftOut.map(\.name).contains("delivery latency"))
        #expect(results.deliveryLatency.contains { $0.reader.switchTimer > 0 } == results.ran("lttng-ust"))
        for backend in results.backends where !(Tool.mayBeSkipped(backend.name) && backend.status == .skipped) {
          #expect(backend.status == .ran, "\(backend.name): \(backend.reason ?? "")")
          let rows = results.losses.filter { $0.backend == backend.name }
          let modes = Self.modes[backend.name] ?? []
          #expect(rows.count == LossScenario.of(.quick).reduce(0) { $0 + $1.modes.filter(modes.contains).count })
          #expect(rows.allSatisfy { ($0.skipped == nil) == ($0.judgement != nil) })
          let probes = results.probes.filter { $0.backend == backend.name }
          #expect(probes.map(\.id) == BackendList.claims.map(\.id))
          // The latency of a model is not measured.
          #expect((results.latency.filter { $0.backend == backend.name }.count >= 3) == backend.isLive)
          #expect(results.latency.contains { $0.backend == backend.name && $0.operation == .wait } == backend.isLive)
          let getters = results.getters.filter { $0.backend == backend.name }
          #expect(getters.isEmpty != backend.isLive)
          #expect(getters.allSatisfy { !$0.nanosecondsPerCall.isEmpty })
          let drained = results.throughput.filter { $0.backend == backend.name }
          #expect(Set(drained.map(\.work)) == (backend.isLive ? [.handOver, .decode] : []))
          #expect(drained.allSatisfy { !$0.trials.isEmpty && !$0.trials.contains { $0.nanoseconds.contains(0) } })
          let baselines = Set(results.latency.filter { $0.backend == backend.name }.map(\.reader)).count - 1
          let studied = try #require(BackendList.set.all(producerCPU: 0).first { $0.name == backend.name })
          #expect(baselines == (backend.isLive ? studied.baselines.count : -1))
          #expect(results.operations.contains { $0.backend == backend.name })
          #expect(results.deliveryLatency.contains { $0.backend == backend.name } == backend.isLive)
          #expect(results.writerOverhead.contains { $0.backend == backend.name } == backend.isLive)
        }
        for loss in results.losses {
          guard let judgement = loss.judgement else { continue }
          let name = "\(loss.backend), \(loss.scenario), \(loss.mode)"
          #expect(judgement.violations.isEmpty, "\(name)")
          #expect(judgement.inconclusive == nil, "\(name)")
          #expect(judgement.produced == judgement.delivered + judgement.lost + judgement.cleared, "\(name)")
          // Only the scenarios within the capacity cannot lose events: other readers depend on getting a CPU in time.
          #expect(!loss.scenario.contains("within-capacity") || judgement.lost == 0, "\(name)")
        }
        for probe in results.probes {
          #expect(probe.failure == nil, "\(probe.id) on \(probe.backend)")
          #expect(probe.outcome != .undecided || probe.reason?.isEmpty == false, "\(probe.id) on \(probe.backend)")
        }

        let report = try Data(contentsOf: out.appending(path: "report.md"))
        try FileManager.default.removeItem(at: out.appending(path: "report.md"))
        let again = try Tool.run("report", out.appending(path: "results.json").path)
        #expect(again.status == 0)
        #expect(try Data(contentsOf: out.appending(path: "report.md")) == report)
        let exported = try Tool.run("report", out.appending(path: "results.json").path, "--export-json", "-")
        #expect(try Data(contentsOf: out.appending(path: "results.json")) == Data(exported.output.utf8))
      }
      #expect(SharedState() == before)
    }

    @Test func theCPUsThatAreAskedForStandInTheReport() throws {
      let usual = CPUPlacement.choose()
      try Tool.withDirectory { out in
        let outcome = try Tool.run(
          "run", "--scenario", "one-over", "--backend", "kernel-model", "--cpu-producer", "\(usual.reader)",
          "--cpu-reader", "\(usual.producer)", "--out", out.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let results = try ResultsFile.read(from: out.appending(path: "results.json").path)
        #expect(results.environment.facts.contains(Observation("producer's CPU", usual.reader)))
        #expect(results.environment.facts.contains(Observation("reader's CPU", usual.producer)))
        #expect(results.losses.allSatisfy { $0.setup.contains(Observation("producer's CPU", usual.reader)) })
        let report = try String(contentsOf: out.appending(path: "tool.md"), encoding: .utf8)
        #expect(report.contains("| producer's CPU "))
      }
    }

    @Test func `A guest writes no report: the host makes it of the results`() throws {
      try Tool.withDirectory { out in
        let outcome = try Tool.run(
          "run", "--results-only", "--scenario", "one-over", "--backend", "kernel-model", "--out", out.path)
        #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
        #expect(Tool.names(out.path) == ["results.json"])
        #expect(try ResultsFile.read(from: out.appending(path: "results.json").path).losses.isEmpty == false)
      }
    }

    @Test func aScenarioIsMadeAlone() throws {
      let before = SharedState()
      try Tool.withDirectory { out in
        let outcome = try Tool.run(
          "run", "--quick", "--scenario", "one-over", "--scenario", "killed-holding", "--seed", "3", "--out", out.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let results = try ResultsFile.read(from: out.appending(path: "results.json").path)
        #expect(Set(results.losses.map(\.scenario)) == ["one-over", "killed-holding"])
        #expect(results.probes.isEmpty && results.latency.isEmpty && results.crossChecks.isEmpty)
        #expect(results.kernelLog != nil)
        if geteuid() == 0, !Tool.allowsSkip {
          #expect(results.kernelLog?.unreadable == nil && results.kernelLog?.unmarked == nil)
        }
        for backend in results.backends where !(Tool.mayBeSkipped(backend.name) && backend.status == .skipped) {
          #expect(backend.status == .ran, "\(backend.name): \(backend.reason ?? "")")
          #expect(
            results.losses.filter { $0.backend == backend.name }.count == 2 * (Self.modes[backend.name]?.count ?? 0))
        }
      }
      #expect(SharedState() == before)
    }

    /// Without root tracefs is skipped and the reason is reported; LTTng runs.
    @Test(.enabled(if: geteuid() == 0, "root is needed")) func anOrdinaryUserGetsWhatCanRun() throws {
      let before = SharedState()
      try Tool.withDirectory { directory in
        // The build directory may be accessible to root only.
        let programs = directory.appending(path: "bin")
        try Tool.copyPrograms(to: programs)
        let user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "HOME=/nonexistent"]
        let tool = programs.appending(path: "abi-compare").path
        let outcome = try Tool.run("run", "--out", "\(directory.path)/a", prefix: user, path: tool)
        let results = try ResultsFile.read(from: "\(directory.path)/a/results.json")
        let tracefs = try #require(results.backends.first { $0.name == "tracefs" })
        #expect(tracefs.status == .skipped)
        #expect(tracefs.reason?.contains("Permission denied") == true)
        #expect(tracefs.remedy?.contains("sudo") == true)
        if !Tool.allowsSkip {
          #expect(outcome.status == 0, "\(outcome.errors)")
          #expect(results.backends.contains { $0.name == "lttng-ust" && $0.status == .ran })
        }
        #expect(outcome.errors.contains("tracefs skipped"))
        // Who may read the log without root (kernel.dmesg_restrict is 0) may not write markers.
        let log = try #require(results.kernelLog)
        let doctor = try Tool.run("doctor", prefix: user, path: tool).output
        #expect(doctor.contains("kernel's log (/dev/kmsg): can be read\n") == (log.unreadable == nil), "\(doctor)")
        let reason = try #require(log.unreadable ?? log.unmarked)
        #expect(reason.hasPrefix("open /dev/kmsg: "))

        let alone = try Tool.run(
          "run", "--backend", "tracefs", "--out", "\(directory.path)/b", prefix: user, path: tool)
        #expect(alone.status == 4)
        #expect(Set(Tool.names("\(directory.path)/b")).isSuperset(of: ["report.md", "report.txt", "results.json"]))
      }
      #expect(SharedState() == before)
    }

    @Test(.disabled(if: Tool.allowsSkip, "back ends may be absent")) func doctorSaysWhatCanRun() throws {
      let outcome = try Tool.run("doctor")
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("tracefs: can run"))
      #expect(outcome.output.contains("lttng-ust: can run"))
      let log = outcome.output.contains("kernel's log (/dev/kmsg): can be read\n")
      #expect(log || geteuid() != 0)
    }

    /// Without the tracer the logger is missing too; the missing tracer is reported as the reason.
    @Test(.disabled(if: access("/proc/lttng", F_OK) == 0, "the modules are loaded here"))
    func withoutLTTngModulesTheRemedyIsToLoadThem() throws {
      let outcome = try Tool.run("doctor")
      #expect(outcome.output.contains("lttng-modules: cannot run\n  why:    open /proc/lttng:"))
      #expect(outcome.output.contains("modprobe lttng-tracer"))
    }

    @Test func doctorTellsOfTheVirtualMachine() throws {
      try Tool.withDirectory { directory in
        let outcome = try Tool.run(
          "doctor", prefix: ["PATH=\(directory.path)", "XDG_CACHE_HOME=\(directory.path)"])
        #expect(outcome.output.contains("virtual machine (abi-compare vm): cannot be booted"))
        #expect(outcome.output.contains("apt-get install qemu-system-x86"))
        #expect(outcome.output.contains("image:  none in \(directory.path)/abi-compare/vm; abi-compare vm build"))
      }
    }
  }
}

extension StudyResults {
  fileprivate func ran(_ backend: String) -> Bool { self.backends.contains { $0.name == backend && $0.status == .ran } }
}
