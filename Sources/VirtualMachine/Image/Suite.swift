/// A suite of Debian's archive that has kernels of the cloud flavour from 6.12 on.
public enum Suite: String, CaseIterable, Sendable, Codable {
  /// Kernels of the 6.12 series, built by Debian 12's compiler.
  case bookwormBackports = "bookworm-backports"
  /// Kernels of the 6.12 series.
  case trixie
  /// Kernels from 6.16 on, built by Debian 13's compiler; headers of the newest alone.
  case trixieBackports = "trixie-backports"
  /// The newest kernel.
  case sid

  /// The number of the Debian release that the suite belongs to (`VERSION_ID` of os-release(5)); `nil` for sid.
  var number: Int? {
    switch self {
    case .bookwormBackports: 12
    case .trixie, .trixieBackports: 13
    case .sid: nil
    }
  }

  /// The suite of the release that the suite adds to: its compiler built the kernels.
  var base: String {
    switch self {
    case .bookwormBackports: "bookworm"
    case .trixie, .trixieBackports: "trixie"
    case .sid: "sid"
    }
  }

  /// The suite that has an lttng-modules for the kernels of this one, and a static busybox.
  var modules: String {
    switch self {
    case .bookwormBackports, .trixie: "trixie"
    case .trixieBackports, .sid: "sid"
    }
  }

  /// The suites in the order in which a kernel is looked for: those of the host's release first, since its compiler can
  /// build modules for their kernels; then those with the shortest lists of packages.
  /// - Parameter host: the number of the host's Debian release; `nil` on another system.
  static func inOrder(host: Int?) -> [Suite] {
    let own = allCases.filter { host != nil && $0.number == host }
    return own + [.bookwormBackports, .trixieBackports, .trixie, .sid].filter { !own.contains($0) }
  }
}
