import Foundation
import Platform
import Report
import Results
import Study
import SubbufferSource
import VirtualMachine

/// The study on several kernels: one image and one guest for each, and what came of it.
struct MatrixStudy {
  let options: MatrixRunCommand
  /// The directory of the matrix.
  let directory: String
  let progress: ProgressLine
  /// The versions that could not be made.
  private(set) var failures: [MatrixFailure] = []

  /// The time of a guest with the quick profile, emulated, and of the boots for probes of their own, in seconds, as
  /// measured with two guests on two CPUs.
  private static let secondsOfFirstABI = 200.0
  /// The time of each further ABI, in seconds.
  private static let secondsOfFurtherABI = 120.0

  init(options: MatrixRunCommand, directory: String, progress: ProgressLine) {
    self.options = options
    self.directory = directory
    self.progress = progress
  }

  /// Makes what the directory does not have.
  /// - Throws: ``SourceError`` if no kernel can be chosen; of kind `interrupted` if a signal ends the run.
  mutating func make() throws(SourceError) {
    let releases = try self.releases()
    var images: [Image] = []
    for release in releases {
      if hasResults(release) {
        complain("\(release.text): \(directory)/\(release.text) has its results already")
      } else if let image = try image(release) {
        images.append(image)
      }
    }
    guard !images.isEmpty else { return }
    let jobs = min(options.jobs ?? CPUPlacement.allowed.count, images.count)
    var estimate = StudyEstimate()
    let seconds = images.map { image in
      MatrixStudy.secondsOfFirstABI + MatrixStudy.secondsOfFurtherABI * Double(backends(of: image).count - 1)
    }
    estimate.add(seconds: max(seconds.reduce(0, +) / Double(jobs), seconds.max() ?? 0))
    if options.study.profile == .quick {
      complain(
        "\(images.count) virtual machine\(images.count == 1 ? "" : "s"), \(jobs) at a time: about \(estimate.text) on a machine with idle CPUs"
      )
    }
    try run(images, jobs)
  }

  /// The results that the directory has, judged again.
  func stored() throws -> [StudyResults] {
    try ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
      .map { "\(directory)/\($0)/results.json" }.filter { FileManager.default.fileExists(atPath: $0) }
      .map(StoredResults.read)
  }

  /// The kernels that are asked for: of the cache, else of the archive.
  private mutating func releases() throws(SourceError) -> [KernelRelease] {
    let archive = options.archive.archive(progress)
    let cache = options.archive.imageCache
    guard !options.kernel.isEmpty else {
      return try options.archive.kernels(progress).map(\.release).newestOfEachSeries
        .filter { $0 >= KernelRelease.oldest }
    }
    var releases: [KernelRelease] = []
    for wanted in options.kernel {
      do throws(SourceError) {
        releases.append(try ImageBuilder(kernel: wanted, archive: archive).release(in: cache))
      } catch {
        try note(error, wanted)
      }
    }
    return Set(releases).sorted()
  }

  /// The image of a kernel; without lttng-modules if they cannot be built.
  private mutating func image(_ release: KernelRelease) throws(SourceError) -> Image? {
    var builder = ImageBuilder(
      kernel: release.text, archive: options.archive.archive(progress), withModules: !options.withoutModules)
    let cache = options.archive.imageCache
    do throws(SourceError) {
      return try builder.image(in: cache)
    } catch {
      try note(error, release.text)
      guard builder.withModules, error.kind != .machine else { return nil }
    }
    builder.withModules = false
    do throws(SourceError) {
      return try builder.image(in: cache)
    } catch {
      try note(error, release.text)
      return nil
    }
  }

  /// Runs the guests.
  private mutating func run(_ images: [Image], _ jobs: Int) throws(SourceError) {
    let programs = images.map { image in
      ParallelPrograms.Program(
        name: image.release.text, executable: ChildOfRun.executable, arguments: arguments(for: image))
    }
    var (lastMessages, ended): ([String: String], [(name: String, ending: PipedProcess.Ending)]) = ([:], [])
    let (begin, total) = (ContinuousClock.now, images.count)
    let progress = progress
    let runs = ParallelPrograms(programs, atATime: jobs) { program, line in
      if let message = complaint(in: line) {
        lastMessages[program.name] = message
        complain("\(program.name): \(message)")
      } else {
        progress.show("\(ended.count) of \(total) finished; \(program.name): \(line)")
      }
    } ended: { program, ending in
      ended.append((program.name, ending))
      var rest = StudyEstimate()
      rest.add(seconds: begin.duration(to: .now) / .seconds(1) / Double(ended.count) * Double(total - ended.count))
      progress.showStep(
        "\(program.name): \(ending == .status(0) ? "finished" : ending.text); \(ended.count) of \(total)"
          + (ended.count < total ? ", about \(rest.text) left" : ""))
    }
    var failed: [(String, SourceError)] = []
    try runs { failed.append(($0.name, $1)) }
    for (name, error) in failed { try note(error, name) }
    for (name, ending) in ended where !hasResults(KernelRelease(name)) {
      // Its messages have been shown.
      failures.append(
        MatrixFailure(
          version: name, step: MatrixFailure.run, reason: lastMessages[name] ?? ending.text,
          remedy: ""))
      // The directory of its results, if nothing is in it.
      rmdir("\(directory)/\(name)")
    }
  }

  /// The back ends that are asked for, by default those that the image has.
  private func backends(of image: Image) -> [String] {
    let asked = options.study.backend
    guard asked.isEmpty else { return asked }
    return ["tracefs"] + (image.manifest.lttngModules.map { _ in ["lttng-modules"] } ?? [])
      + (image.manifest.lttngUST.map { _ in ["lttng-ust"] } ?? [])
  }

  private func arguments(for image: Image) -> [String] {
    ["vm", "run", "--progress-lines", "--parent", "\(getpid())", "--kernel", image.release.text]
      + options.study.arguments(backends: backends(of: image)) + options.archive.arguments
      + options.guest.arguments + ["--out", "\(directory)/\(image.release.text)"]
  }

  /// `true` if the directory has results of this program and profile.
  private func hasResults(_ release: KernelRelease) -> Bool {
    guard let results = try? ResultsFile.read(from: "\(directory)/\(release.text)/results.json") else { return false }
    return results.run.toolVersion == Version.current && results.run.profile == options.study.profile.rawValue
  }

  private mutating func note(_ error: SourceError, _ version: String) throws(SourceError) {
    if error.kind == .interrupted || Interruption.signal != nil { throw error }
    note(MatrixFailure(version: version, step: error.call, reason: error.reason, remedy: error.remedy))
  }

  private mutating func note(_ failure: MatrixFailure) {
    failures.append(failure)
    let remedy = failure.remedy.isEmpty ? "" : "; \(failure.remedy)"
    complain("\(failure.version): \(failure.reason)\(remedy)")
  }
}
