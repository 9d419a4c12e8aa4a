import Platform
import Testing
@testable import UprobeEvents

@Suite struct OwnerOfGroupTests {
  @Test func `the group of a process names it`() throws {
    let owner = RunOwner.current
    let group = UprobeEvent.group(of: owner)
    #expect(group.utf8.count < 64)
    #expect(group.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
    #expect(UprobeEvent.owner(ofGroup: Substring(group)) == owner)
  }

  @Test(arguments: ["", "uprobes", "abi_compare_x", "abi_compare_a_b_c_d_e_f_g_h", "abi_compare_unknown_0_1_"])
  func `the group of another program has no owner`(_ group: String) {
    #expect(UprobeEvent.owner(ofGroup: Substring(group)) == nil)
  }
}
