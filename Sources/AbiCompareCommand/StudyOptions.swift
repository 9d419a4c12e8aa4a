import ArgumentParser
import Study

/// The options that determine the contents of a study.
struct StudyOptions: ParsableArguments {
  @Option(help: "The amount of measurement: quick, standard or thorough.")
  var profile = Profile.quick

  @Flag(help: "The same as --profile quick.")
  var quick = false

  @Option(help: "A back end; may be repeated. By default all.")
  var backend: [String] = []

  @Option(
    help: ArgumentHelp(
      "The seed of the order of trials, the sizes of events and the loads; by default a random one, which the report "
        + "contains."))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Run only this loss scenario; may be repeated. abi-compare list lists them.",
      valueName: "name"))
  var scenario: [String] = []

  @Option(
    help: ArgumentHelp(
      "The number of trials of each cost measurement; by default that of the profile.",
      valueName: "n"))
  var runs: Int?

  @Option(
    help: ArgumentHelp(
      "The number of fill-and-drain rounds before recording, in each trial.", valueName: "n"))
  var warmup = 1

  func validate() throws {
    if let runs, !(1...10_000).contains(runs) { throw ValidationError("--runs: must be a number from 1 to 10000") }
    if !(0...1_000).contains(warmup) { throw ValidationError("--warmup: must be a number from 0 to 1000") }
    _ = try Backends.named(backend, producerCPU: 0)
    for name in scenario where !LossScenario.all.contains(where: { $0.name == name }) {
      throw ValidationError("unknown loss scenario '\(name)'; abi-compare list lists them")
    }
    if quick, profile != .quick {
      throw ValidationError("--quick and --profile \(profile.rawValue) exclude each other")
    }
  }
}

extension StudyOptions {
  /// The arguments that give the same options to another process.
  func arguments(backends: [String]) -> [String] {
    var arguments = ["--profile", profile.rawValue, "--warmup", "\(warmup)"]
    for name in backends { arguments += ["--backend", name] }
    for name in scenario { arguments += ["--scenario", name] }
    if let seed { arguments += ["--seed", "\(seed)"] }
    if let runs { arguments += ["--runs", "\(runs)"] }
    return arguments
  }
}

extension Profile: ExpressibleByArgument {}
