import ArgumentParser
import Study

/// What a study is made of, wherever it is made.
struct StudyOptions: ParsableArguments {
  @Option(help: "How much is measured: quick, standard or thorough.")
  var profile = Profile.quick

  @Flag(help: "The same as --profile quick.")
  var quick = false

  @Option(help: "A back end; may be given more than once. By default all.")
  var backend: [String] = []

  @Option(
    help: ArgumentHelp(
      "What the order of trials, the sizes of events and the loads are drawn from; by default a new one, which the report "
        + "names."))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "A loss scenario; may be given more than once. Then nothing else is made. abi-compare list names all.",
      valueName: "name"))
  var scenario: [String] = []

  @Option(
    help: ArgumentHelp(
      "How many trials of each ring buffer the costs are measured in; by default what the profile says.",
      valueName: "n"))
  var runs: Int?

  @Option(
    help: ArgumentHelp(
      "How many times a ring buffer is filled and drained before anything is recorded, in each trial.", valueName: "n"))
  var warmup = 1

  func validate() throws {
    if let runs, !(1...10_000).contains(runs) { throw ValidationError("--runs: a number from 1 to 10000") }
    if !(0...1_000).contains(warmup) { throw ValidationError("--warmup: a number from 0 to 1000") }
    _ = try BackendCatalogue.named(backend, producerCPU: 0)
    for name in scenario where !LossScenario.all.contains(where: { $0.name == name }) {
      throw ValidationError("unknown loss scenario '\(name)'; abi-compare list names all")
    }
    if quick, profile != .quick {
      throw ValidationError("--quick and --profile \(profile.rawValue) exclude each other")
    }
  }
}

extension Profile: ExpressibleByArgument {}
