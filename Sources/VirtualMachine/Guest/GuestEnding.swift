import SubbufferSource

/// The end of a guest that came to its task.
public enum GuestEnding: Sendable {
  /// The program ended with this exit status, and the kernel ran on.
  case programEnded(Int32)
  /// The kernel ended or fell silent before the program did: its first error, if it printed one, and the description.
  case kernelEnded(String?, SourceError)
}
