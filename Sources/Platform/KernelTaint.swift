/// The taint of the kernel: a bit for each kind of trouble since boot, and for some modules.
///
/// Source: Documentation/admin-guide/tainted-kernels.rst.
public struct KernelTaint: RawRepresentable, Sendable, Equatable {
  /// The bits, as `/proc/sys/kernel/tainted` has them.
  public var rawValue: UInt64

  /// A taint from its bits.
  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// The present taint; `nil` if the file cannot be read.
  public static var current: KernelTaint? {
    ProcFile.line("/proc/sys/kernel/tainted").flatMap { UInt64($0) }.map(KernelTaint.init)
  }

  /// The letters of the bits, from bit 0 on; bit 0 has none if it is clear.
  private static let letters = Array("PFSRMBUDAWCIOELKXTNJ")

  /// "12800 (W, O, E)"; "0".
  public var text: String {
    let set = (0..<UInt64.bitWidth).filter { rawValue >> UInt64($0) & 1 == 1 }
    let names = set.map { KernelTaint.letters.indices.contains($0) ? String(KernelTaint.letters[$0]) : "bit \($0)" }
    return names.isEmpty ? "0" : "\(rawValue) (\(names.joined(separator: ", ")))"
  }
}
