import SubbufferSourceConformance

/// The defect of a ``WrongSource``.
enum Defect: String, CaseIterable {
  /// A hand-over has the bytes of two sub-buffers.
  case twoSubbuffers
  /// The writer gets a sub-buffer back at its acquire instead of its release.
  case givenBackAtOnce
  /// Every third sub-buffer is handed out twice.
  case again
  /// A partial sub-buffer with further events is handed out from its beginning.
  case partialFromItsBeginning
  /// Of two sub-buffers the newer comes first.
  case newestFirst
  /// Acquire throws `EAGAIN` instead of returning *nothing yet*.
  case throwsForNothing
  /// Acquire waits for the writer.
  case waitsForTheWriter
  /// Acquire returns an empty sub-buffer, with every call, instead of *nothing yet*.
  case neverNothing
  /// After *finished* comes *nothing yet*.
  case finishedOnce
  /// Acquire returns *finished* instead of *nothing yet*.
  case finishedTooEarly
  /// An acquire with nothing to read drops the sub-buffer that the writer is on; the loss is reported.
  case nothingConsumes
  /// Release does not give the sub-buffer back; the resulting loss is reported.
  case leaks
  /// Release gives the sub-buffer back and reports a failure.
  case refusesRelease
  /// The next acquire releases the sub-buffer, although the capabilities include an explicit release.
  case noReleaseCall
  /// Every loss is reported as none.
  case tellsZero
  /// Every sub-buffer reports one lost event.
  case cries
  /// A reported number of lost events is too high by one.
  case miscounts
  /// A wait that a signal ends drops the sub-buffer that the writer is on; the loss is reported.
  case interruptedWaitLoses
  /// The error of a wait does not name the failed call.
  case namelessErrors
  /// Wait always times out.
  case sleepsOver
  /// Wait is always ready.
  case alwaysReady
  /// Wait checks once at its beginning, and then sleeps for the whole timeout.
  case looksOnce
  /// Acquire takes one sub-buffer and clears the announcements of all.
  case forgetsTheOthers
  /// Flush does nothing and reports success.
  case flushForgets
  /// Acquire allocates.
  case allocates
  /// The number of sub-buffers changes.
  case grows

  /// The one clause that the defect breaks; a loss that it causes is reported, to keep the other clauses.
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

  /// `true` if the kit waits for its whole patience.
  var usesUpPatience: Bool { self == .waitsForTheWriter || self == .looksOnce }

  /// `true` if the defect needs a source with partial visibility.
  var isPartial: Bool { self == .partialFromItsBeginning }
}
