@testable import Platform
import Testing

@Suite struct CPUPlacementTests {
  @Test(
    arguments: [
      ([0, 1], nil, nil, 0, 1), ([2, 5, 7], nil, nil, 2, 5), ([4], nil, nil, 4, 4),
      ([0, 1], 0, nil, 1, 0), ([0, 1], nil, 1, 1, 0), ([0, 1, 2], 1, nil, 0, 1), ([0, 1, 2], 2, 1, 1, 2),
      ([0, 1], 1, 1, 1, 1), ([3], 3, nil, 3, 3), ([3], nil, 3, 3, 3),
    ] as [([Int], Int?, Int?, Int, Int)])
  func whatIsNotAskedForIsTheFirstOther(
    _ allowed: [Int], _ askedProducer: Int?, _ askedReader: Int?, reader: Int, producer: Int
  ) throws {
    let placement = try CPUPlacement(producer: askedProducer, reader: askedReader, of: allowed)
    #expect(placement.reader == reader && placement.producer == producer)
  }

  @Test func aCPUOnWhichThisProcessCannotRunIsRefused() {
    #expect(throws: CPUNotAllowed(cpu: 2, allowed: [0, 1])) { try CPUPlacement(producer: 2, of: [0, 1]) }
    #expect(throws: CPUNotAllowed(cpu: 0, allowed: [1])) { try CPUPlacement(reader: 0, of: [1]) }
    #expect(CPUNotAllowed(cpu: 2, allowed: [0, 1]).description.contains("CPU 2"))
    #expect(CPUNotAllowed(cpu: 2, allowed: [0, 1]).description.contains("0, 1"))
  }

  @Test func byDefaultItIsAsItAlwaysWas() throws {
    #expect(try CPUPlacement() == CPUPlacement.choose())
  }
}
