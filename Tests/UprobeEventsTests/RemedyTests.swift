import SystemPackage
import Testing
@testable import UprobeEvents

@Suite struct RemedyTests {
  @Test(
    arguments: [
      (Errno.permissionDenied, "run as root"), (.invalidArgument, "copy the programs"),
      (.notSupportedOnSocket, "copy the programs"),
      (.noSuchFileOrDirectory, "CONFIG_UPROBE_EVENTS"), (.noMemory, "remove events"), (.badFileDescriptor, "error_log"),
    ])
  func `the remedy is that for the error of the refusal`(_ errno: Errno, _ words: String) {
    #expect(UprobeEvent.remedy(for: errno, program: "/program").contains(words))
  }
}
