import Foundation
import Study
import Testing

extension LiveTests {
  /// A leak of one round is easily overlooked, so many rounds are made, one after the other, and nothing may be left. They
  /// are made in a process of their own, where only they count.
  ///
  /// `ABI_COMPARE_SOAK=1000 swift test --filter SoakTests` makes 1000 rounds of each back end; `make test` runs 200 after the
  /// other tests, since their processes and pipes would count.
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
      // A child that ends early, in whatever way, has not said this.
      let said = String(decoding: child?.standardOutputContent ?? [], as: UTF8.self)
      #expect(said.contains("\(name): \(rounds) rounds in "))
      print(said, terminator: "")
    }
  }
}
