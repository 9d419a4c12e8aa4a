import Foundation
import Glibc
import SubbufferSource

/// Whether an image was seen to boot with KVM: on some hosts there is a KVM with which no kernel boots. What came of it is
/// kept beside the image, for this QEMU on this host's kernel.
struct KVMTrial {
  private let path: String

  init(_ image: Image, qemu: String) {
    var name = utsname()
    uname(&name)
    let host = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let kept = "\(qemu)-on-\(host)".map { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" ? $0 : "_" }
    path = "\(image.directory)/kvm-\(String(kept.prefix(120)))"
  }

  /// What came of it; `nil` where it was not tried.
  var boots: Bool? { (try? HostFiles.text(path)).map { $0 == "boots\n" } }

  /// Keeps what came of it, where the cache can be written to.
  func keep(boots: Bool) {
    try? HostFiles.write(Data((boots ? "boots\n" : "does not boot\n").utf8), to: path)
  }
}
