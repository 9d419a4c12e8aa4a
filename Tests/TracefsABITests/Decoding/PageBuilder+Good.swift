import BytesSource
import TracefsABI

extension PageBuilder {
  /// Good sub-buffers as the basis of broken ones: with events of every type, with missed events whose number is or is
  /// not stored after the data, and without events.
  static func good(_ format: PageFormat) -> [[UInt8]] {
    var page = PageBuilder(format)
    for number in UInt64(0)..<5 {
      page.raw(number, payload: Int(number) * 3)
      page.timeExtend(1 << 30)
      page.raw(number, payload: 120)
      page.event([5, 0, 1, 2], delta: 3)
    }
    page.timeStamp(1 << 50)
    page.padding(16, delta: 9)
    page.raw(9)
    var stored = page.committed(flags: PageHeader.missedEvents | PageHeader.missedStored)
    stored.append(little: UInt64(1_469))
    return [
      page.committed(), page.committed(flags: PageHeader.missedEvents), stored, PageBuilder(format).committed(),
    ]
  }
}
