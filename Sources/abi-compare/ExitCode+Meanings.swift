import ArgumentParser
import Glibc

extension ExitCode {
  /// A back end failed, or delivered an event twice or out of order.
  static let broken = ExitCode(1)
  /// Every back end was skipped.
  static let allSkipped = ExitCode(4)
  /// Results that cannot be read (`EX_DATAERR`).
  static let badResults = ExitCode(65)
  /// No such results (`EX_NOINPUT`).
  static let noResults = ExitCode(66)
  /// Output that cannot be written (`EX_CANTCREAT`).
  static let cannotWrite = ExitCode(73)

  /// The run was ended by a signal.
  static func signal(_ number: Int32) -> ExitCode { ExitCode(128 + number) }
}
