import KernelLosses
import Testing

@Suite struct CounterAccountTests {
  @Test func aCounterThatFellGoesOn() {
    var account = CounterAccount(at: 5)
    for count: UInt64 in [70, 3, 5] { account.read(count, isCleared: false) }
    #expect(account.total == 75)
  }

  @Test func aClearIsKnownThoughTheCounterCameBack() {
    var account = CounterAccount(at: 0)
    account.read(70, isCleared: false)
    account.read(70, isCleared: true)
    #expect(account.total == 140)
    account.read(70, isCleared: false)
    #expect(account.total == 140)
  }
}

@Suite struct OverrunAccountTests {
  private func account(at overrun: UInt64, now: UInt64) -> OverrunAccount {
    var account = OverrunAccount(at: overrun)
    account.read(now, isCleared: false)
    return account
  }

  /// The kernel's mark covers everything since the last exchange, which was before the opening.
  @Test func theFirstMarkIsAboutWhatWasLostBeforeTheOpeningToo() {
    var account = account(at: 1632, now: 2040)
    #expect(account.reportAll() == 2040)
    #expect(account.reportAll() == 0)
  }

  @Test func whatHeadersDidNotTellIsLeft() {
    var account = account(at: 100, now: 150)
    account.report(0)
    account.read(180, isCleared: false)
    account.report(30)
    account.read(200, isCleared: false)
    #expect(account.reportAll() == 70)
  }

  @Test func theFirstNumberIsAboutWhatWasLostBeforeTheOpeningToo() {
    var account = account(at: 100, now: 110)
    account.report(110)
    account.read(115, isCleared: false)
    #expect(account.reportAll() == 5)
  }

  @Test func aCountBeyondAllNumbersDoesNotTrap() {
    var account = account(at: 0, now: 7)
    account.report(.max)
    account.report(.max)
    #expect(account.reportAll() == 0)
  }
}
