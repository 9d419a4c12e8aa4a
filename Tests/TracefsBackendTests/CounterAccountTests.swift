import Testing

@testable import TracefsBackend

@Suite struct CounterAccountTests {
  @Test func whatHeadersDidNotTellIsLeft() {
    var account = CounterAccount(at: 100)
    account.read(150)
    account.tell(30)
    #expect(account.total == 150)
    #expect(account.tellAll() == 20)
    #expect(account.tellAll() == 0)
  }

  @Test func whatWasLostBeforeTheOpenIsNotToldAgain() {
    var account = CounterAccount(at: 100)
    account.read(110)
    account.tell(60)
    #expect(account.tellAll() == 0)
    account.read(115)
    #expect(account.tellAll() == 5)
  }

  @Test func aClearedCounterGoesOn() {
    var account = CounterAccount(at: 0)
    account.read(70)
    account.read(3)
    account.read(5)
    #expect(account.total == 75)
  }

  @Test func aCountBeyondAllNumbersDoesNotTrap() {
    var account = CounterAccount(at: 0)
    account.read(7)
    account.tell(.max)
    account.tell(.max)
    #expect(account.tellAll() == 0)
  }
}
