import Study
import Testing

/// The recorded calls of one round of reading.
@Suite struct OperationsTests {
  @Test(arguments: ["tracefs", "kernel-model"])
  func `a mapping records its release and each write of buffer_percent`(_ name: String) throws {
    let study = try LiveBackends.available(name)
    let records = try study.recordOperations()
    let release = try #require(records.firstIndex { $0.step == .release })
    #expect(records[release].call == "the next acquire releases")
    #expect(records[records.index(after: release)].step == .acquireAgain)
    let waits = records.filter { $0.step == .wait }.map(\.call)
    #expect(
      waits == [
        "write 50 to buffer_percent", "poll(fd, POLLIN)", "write 0 to buffer_percent", "poll(fd, POLLIN)",
      ])
  }
}
