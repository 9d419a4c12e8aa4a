import SubbufferSource
import Testing

@Suite struct LossTests {
  @Test(arguments: [
    (Loss.notTold, Loss.none, Loss.notTold), (.notTold, .events(2), .events(2)), (.none, .notTold, .notTold),
    (.events(2), .events(3), .events(5)),
    (.events(2), .none, .events(2)), (.notTold, .packets(1), .packets(1)),
    (.events(9), .packets(1), .packets(1, events: 9)),
    (.packets(2, events: 1), .packets(1, events: 3), .packets(3, events: 4)),
    (.packets(2), .atMost(7), .packets(2)), (.events(2), .atMost(3), .atMost(5)), (.atMost(2), .atMost(3), .atMost(5)),
    (.packets(1), .some, .some), (.some, .events(4), .some), (.notTold, .notTold, .notTold),
  ])
  func theSumIsNoSurerThanItsParts(_ left: Loss, _ right: Loss, _ sum: Loss) {
    #expect(left.adding(right) == sum)
  }
}
