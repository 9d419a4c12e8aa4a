import CPlatform
import Platform
import SubbufferSource

/// The changes that a reader can make to the sub-buffer that it holds. Each byte is put back.
extension Evidence {
  /// Adds whether the first byte can be changed, as a debugger does it and through a mapping that is asked to be
  /// writable.
  /// - Parameters:
  ///   - held: the sub-buffer in the reader's mapping.
  ///   - offset: where it lies in the file.
  ///   - descriptor: the file.
  ///   - length: the length of the whole mapping.
  package mutating func addStores(into held: UnsafeRawPointer, at offset: Int, of descriptor: Int32, length: Int) {
    addStoresAsDebugger(into: held)
    do {
      // Nothing of it was touched before: the store is a fault, which the kernel may refuse by itself.
      let mapping = try WholeMapping(descriptor, length: length, isWritable: true)
      add("writable mapping", "0")
      withExtendedLifetime(mapping) { addStore(into: held, by: $0.start + offset) }
    } catch {
      add("writable mapping", error.errno.map { ErrnoName.result(-$0.rawValue) } ?? error.reason)
      add("store: the byte has changed", "no")
    }
  }

  /// Adds whether the first byte can be changed through a writable mapping.
  /// - Parameter address: the byte there.
  package mutating func addStore(into held: UnsafeRawPointer, by address: UnsafeMutableRawPointer) {
    let before = held.load(as: UInt8.self)
    add("store", signalText(cprocess_store(address, ~before)))
    add("store: the byte has changed", held.load(as: UInt8.self) == before ? "no" : "yes")
    _ = cprocess_store(address, before)
  }

  /// Adds whether the first byte can be changed as a debugger does it.
  package mutating func addStoresAsDebugger(into held: UnsafeRawPointer) {
    addDebuggerWriteControl()
    add("load of the held sub-buffer", signalText(cprocess_load(held)))
    var before = held.load(as: UInt8.self)
    var other = ~before
    let written = cprocess_write_as_debugger(held, &other, 1)
    add("process_vm_writev", written < 0 ? Attempt.call(-1) : "\(written)")
    add("process_vm_writev: the byte has changed", held.load(as: UInt8.self) == before ? "no" : "yes")
    _ = cprocess_write_as_debugger(held, &before, 1)
  }
}
