import CPlatform
import Glibc
import Platform
import Results
import SubbufferSource
import SystemPackage

/// Controls: the call that a probe is about, made on something where it has to work.
///
/// A limit, a seccomp filter or a security module may refuse any call. Where it refuses the control too, the probe has
/// observed the environment and not the ABI, and the claim is undecided (`Mark.control`).
extension Evidence {
  /// Adds the result of a control: 0 or a negative errno.
  package mutating func addControl(_ call: String, _ result: String) {
    add(Self.name(ofControl: call), result)
  }

  /// Adds whether a timer of this process's own expires.
  package mutating func addTimerControl() {
    addControl("timer_create", Attempt.call(cprocess_await_timer(5_000)))
  }

  /// Adds whether bytes of this process's ordinary memory are read as a debugger reads them.
  package mutating func addDebuggerReadControl() {
    let bytes = [UInt8](1...64)
    var copy = [UInt8](repeating: 0, count: bytes.count)
    let count = cprocess_read_as_debugger(bytes, &copy, copy.count)
    addControl("process_vm_readv", count < 0 ? Attempt.call(-1) : copy == bytes ? "0" : "\(count) bytes")
  }

  /// Adds whether a byte of this process's ordinary memory is changed as a debugger changes it.
  package mutating func addDebuggerWriteControl() {
    var byte: UInt8 = 0
    let count = withUnsafeMutableBytes(of: &byte) { cprocess_write_as_debugger($0.baseAddress, [1 as UInt8], 1) }
    addControl("process_vm_writev", count < 0 ? Attempt.call(-1) : byte == 1 ? "0" : "\(count) bytes")
  }

  /// Adds whether a process that is forked can load a byte of ordinary memory.
  package mutating func addForkControl() {
    let byte: UInt8 = 0
    let signal = withUnsafeBytes(of: byte) { $0.baseAddress.map(cprocess_load_in_child) ?? -1 }
    addControl("fork", signal < 0 ? Attempt.call(-1) : signalText(signal))
  }

  /// Adds whether splice brings bytes from one ordinary pipe to another.
  package mutating func addSpliceControl() throws(SourceError) {
    let from = try Pipe()
    let to = try Pipe()
    guard write(from.writeEnd, [1 as UInt8], 1) == 1 else {
      throw SourceError(call: "write a pipe", errno: Errno(rawValue: errno))
    }
    let count = cprocess_splice(from.readEnd, to.writeEnd, 1)
    addControl("splice", count < 0 ? Attempt.call(-1) : count == 1 ? "0" : "\(count) bytes")
  }

  /// Adds whether an ordinary directory can be removed.
  package mutating func addRemovalControl() {
    var path = Array(OwnedDirectory.template.utf8CString)
    addControl("rmdir", mkdtemp(&path) == nil ? Attempt.call(-1) : Attempt.call(rmdir(path)))
  }

  /// Adds whether an ordinary file can be truncated.
  package mutating func addTruncationControl() throws(SourceError) {
    let memory = try OrdinaryMemory(length: 0)
    addControl("ftruncate", Attempt.call(ftruncate(memory.descriptor, 1)))
  }

  /// Adds the first result that is not 0 of mappings of ordinary memory, each from its begin on.
  package mutating func addMappingControl(_ attempts: [MappingAttempt]) throws(SourceError) {
    let memory = try OrdinaryMemory(length: attempts.map(\.length).max() ?? 1)
    let results = attempts.map { Attempt.map(memory.descriptor, $0.length, $0.protection, $0.flags) }
    addControl("mmap", results.first { $0 != "0" } ?? "0")
  }

  /// Adds whether a mapping of ordinary memory, for reading and shared, can be given a protection.
  package mutating func addProtectionControl(_ protection: Int32, length: Int) throws(SourceError) {
    let memory = try OrdinaryMemory(length: length)
    let mapping = try WholeMapping(memory.descriptor, length: length)
    addControl("mprotect", mapping.protect(protection))
  }

  /// Adds whether a mapping of ordinary memory can be made longer, in place where there is room and elsewhere.
  package mutating func addGrowthControl(by bytes: Int, length: Int) throws(SourceError) {
    let memory = try OrdinaryMemory(length: length + bytes)
    for mayMove in [false, true] {
      var mapping = try WholeMapping(memory.descriptor, length: length, roomBehind: bytes)
      addControl(mayMove ? "mremap(MREMAP_MAYMOVE)" : "mremap", mapping.grow(by: bytes, mayMove: mayMove))
    }
  }
}

/// A file of ordinary memory. It is closed with the value.
private struct OrdinaryMemory: ~Copyable {
  let descriptor: Int32

  init(length: Int) throws(SourceError) {
    descriptor = cprocess_memfd("abi-compare-control")
    guard descriptor >= 0 else { throw SourceError(call: "memfd_create", errno: Errno(rawValue: errno)) }
    guard length == 0 || ftruncate(descriptor, off_t(length)) == 0 else {
      throw SourceError(call: "ftruncate", errno: Errno(rawValue: errno))
    }
  }

  deinit {
    close(descriptor)
  }
}

/// The result of a load: `0`, or the signal.
package func signalText(_ signal: Int32) -> String { signal == 0 ? "0" : "signal \(signal)" }

extension Evidence {
  /// Adds whether this process, and one that it forks, can load the byte at an address.
  package mutating func addLoads(of start: UnsafeRawPointer) {
    addForkControl()
    add("load in the reader", signalText(cprocess_load(start)))
    add("load in its child", signalText(cprocess_load_in_child(start)))
  }

  /// Adds which loads of the first bytes of sub-buffers that are not held raise a signal.
  package mutating func addLoads(ofOthers starts: [UnsafeRawPointer]) {
    let signals = starts.map { cprocess_load($0) }.filter { $0 != 0 }
    add("other sub-buffers", starts.count)
    add("loads of them that raised a signal", signals.count)
    add("the signals", signals.isEmpty ? "none" : Set(signals).sorted().map(signalText).joined(separator: ", "))
  }

  /// Adds whether memory can be read as a debugger reads it.
  package mutating func addDebuggersRead(of start: UnsafeRawPointer) {
    addDebuggerReadControl()
    var copy = [UInt8](repeating: 0xA5, count: 64)
    let count = cprocess_read_as_debugger(start, &copy, copy.count)
    add("process_vm_readv", count < 0 ? Attempt.call(-1) : "\(count)")
    add("the same bytes", copy.elementsEqual(UnsafeRawBufferPointer(start: start, count: 64)) ? "yes" : "no")
  }
}

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
