import SubbufferSourceConformance

/// What is wrong with a ``WrongSource``.
enum Defect: String, CaseIterable {
  /// A hand-over has the bytes of two sub-buffers.
  case twoSubbuffers
  /// The writer gets a sub-buffer back when it is acquired, not when it is released.
  case givenBackAtOnce
  /// Each third sub-buffer is handed out again.
  case again
  /// A partial sub-buffer with more in it is handed out from its beginning.
  case partialFromItsBeginning
  /// Of two sub-buffers the newer comes first.
  case newestFirst
  /// `EAGAIN` is thrown where there is nothing.
  case throwsForNothing
  /// Acquire waits for the writer.
  case waitsForTheWriter
  /// An empty sub-buffer is handed out where there is nothing, and another, and another.
  case neverNothing
  /// After *finished* comes *nothing yet*.
  case finishedOnce
  /// It says *finished* where there is nothing yet.
  case finishedTooEarly
  /// What the writer has begun is lost where there is nothing to read; that is told.
  case nothingConsumes
  /// Release does not give the sub-buffer back; what is lost by that is told.
  case leaks
  /// Release gives it back, and says that it failed.
  case refusesRelease
  /// The next acquire is the release, and the capabilities say otherwise.
  case noReleaseCall
  /// No loss is told as zero.
  case tellsZero
  /// Each sub-buffer says that an event was lost.
  case cries
  /// One more than were lost.
  case miscounts
  /// A wait that a signal ends loses what the writer has begun; that is told.
  case interruptedWaitLoses
  /// An error does not say which call failed.
  case namelessErrors
  /// Wait always times out.
  case sleepsOver
  /// Wait is always ready.
  case alwaysReady
  /// Wait looks when it begins, and then sleeps its time out.
  case looksOnce
  /// Acquire forgets the announcements of all sub-buffers, and takes one.
  case forgetsTheOthers
  /// Flush does nothing.
  case flushForgets
  /// Acquire allocates.
  case allocates
  /// The number of sub-buffers changes.
  case grows

  /// The clauses that it breaks: exactly one, since what is wrong is told where the contract wants something told.
  var breaks: Clause {
    switch self {
    case .twoSubbuffers: .oneAtATime
    case .givenBackAtOnce: .validUntilReleased
    case .again, .partialFromItsBeginning: .once
    case .newestFirst: .inOrder
    case .throwsForNothing, .waitsForTheWriter, .neverNothing: .outcomesAreValues
    case .finishedOnce, .finishedTooEarly: .finishedIsFinal
    case .nothingConsumes: .nothingYetChangesNothing
    case .leaks, .refusesRelease, .noReleaseCall: .releaseIsNeverForgotten
    case .tellsZero, .cries, .miscounts: .lossesAreValues
    case .interruptedWaitLoses, .namelessErrors: .errorsLoseNothing
    case .sleepsOver, .alwaysReady, .looksOnce, .forgetsTheOthers: .waitWakesUp
    case .flushForgets: .flushExposes
    case .allocates: .nothingPerSubbuffer
    case .grows: .geometryIsFixed
    }
  }

  /// `true` if it makes the kit wait for as long as it has patience.
  var usesUpPatience: Bool { self == .waitsForTheWriter || self == .looksOnce }

  /// The manner of the source in which it shows.
  var isPartial: Bool { self == .partialFromItsBeginning }
}
