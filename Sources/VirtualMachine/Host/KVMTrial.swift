import Foundation
import Glibc
import SubbufferSource

/// The record of an image's boot with KVM: on some hosts no kernel boots with KVM. The result is kept next to the
/// image, for this QEMU on this host's kernel.
struct KVMTrial {
  private let path: String

  init(_ image: Image, qemu: String) {
    var name = utsname()
    uname(&name)
    let host = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let kept = "\(qemu)-on-\(host)".map { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" ? $0 : "_" }
    path = "\(image.directory)/kvm-\(String(kept.prefix(120)))"
  }

  /// The result of the trial; `nil` if there was none.
  var boots: Bool? { (try? HostFiles.text(path)).map { $0 == "boots\n" } }

  /// Keeps what came of it, where the cache can be written to.
  func keep(boots: Bool) {
    try? HostFiles.write(Data((boots ? "boots\n" : "does not boot\n").utf8), to: path)
  }
}
