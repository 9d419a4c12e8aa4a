import Results
import Study
import TestResults

extension LossHistory {
  /// Returns a history with one channel, which also serves as each total.
  static func of(
    _ produced: UInt64, _ handovers: [String], told readings: [String] = [], unfinished: [UInt64] = [],
    malformed: String? = nil
  ) -> LossHistory {
    let channel = ChannelHistory(
      channel: "counter", isReaderABI: true, readings: readings.compactMap { ReadingRecord($0) })
    return LossHistory(
      produced: produced, refused: 0, unfinished: unfinished,
      handovers: handovers.compactMap { HandoverRecord($0) },
      channels: [channel], readerABI: channel, recipe: channel, handoverLosses: channel, calls: [], malformed: malformed
    )
  }
}
