import SystemPackage

/// A file descriptor that is closed with its owner.
package final class OwnedDescriptor: Sendable {
  package let rawValue: Int32

  /// Takes over an open descriptor.
  package init(_ descriptor: Int32) {
    rawValue = descriptor
  }

  deinit {
    try? FileDescriptor(rawValue: rawValue).close()
  }
}
