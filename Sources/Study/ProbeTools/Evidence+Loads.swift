import CPlatform

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
