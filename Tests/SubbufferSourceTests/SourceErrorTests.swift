import SubbufferSource
import SystemPackage
import Testing

@Suite struct SourceErrorTests {
  @Test(
    arguments: [.noSpace, .tooManyOpenFiles, .tooManyOpenFilesInSystem, .fileTooLarge, .diskQuotaExceeded] as [Errno])
  func `a call without room or descriptors is stopped by the machine`(_ errno: Errno) {
    let error = SourceError(call: "open file", errno: errno)
    #expect(error.kind == .machine)
    #expect(!error.remedy.isEmpty)
  }

  @Test func `another errno and another kind stay what they are`() {
    #expect(SourceError(call: "read", errno: .ioError).kind == .call)
    #expect(SourceError(.unavailable, call: "open", errno: .tooManyOpenFiles).kind == .unavailable)
  }
}
