import Foundation
import Study
import Testing

extension LiveTests {
  /// Many rounds, one after the other, leave nothing; the leak of a single round is easily overlooked. They run in a
  /// separate process, where nothing else counts.
  ///
  /// `ABI_COMPARE_SOAK=1000 swift test --filter SoakTests` makes 1000 rounds of each back end; `make test` runs 200
  /// after the other tests, whose processes and pipes would count.
  @Suite(.enabled(if: ProcessInfo.processInfo.environment["ABI_COMPARE_SOAK"] != nil, "runs alone, in make test"))
  struct SoakTests {
    @Test(.timeLimit(.minutes(10)), arguments: LiveBackends.namesWithModels)
    func roundsLeaveNothingBehind(_ name: String) async throws {
      _ = try LiveBackends.available(name)
      let variable = ProcessInfo.processInfo.environment["ABI_COMPARE_SOAK"]
      let rounds = try #require(Int(variable ?? ""), "ABI_COMPARE_SOAK is not a number")
      let child = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
        [name, rounds = rounds as Int] in
        let backend = try #require((LiveBackends.all + LiveBackends.models).first { $0.name == name })
        let time = try ContinuousClock().measure { try Soak(backend: backend, rounds: rounds).run() }
        print("\(name): \(rounds) rounds in \(time)")
      }
      // A child that ends early does not print this line.
      let said = String(decoding: child?.standardOutputContent ?? [], as: UTF8.self)
      #expect(said.contains("\(name): \(rounds) rounds in "))
      print(said, terminator: "")
    }
  }
}
