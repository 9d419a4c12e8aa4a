import Foundation
import LTTngUSTABI
import SubbufferSource
import Testing

/// The version of the installed library, and processes of another version.
@Suite(.enabled(if: testsRun, "LTTng-UST cannot run here"), .serialized, .timeLimit(.minutes(1)))
struct ProtocolTests {
  @Test func `the tracer in the process has the version of the library`() throws {
    let library = try LTTngUSTLibrary()
    let traced = try TracedProcess(.roomy)
    // That of 2.13 does not report its patch level.
    let version = library.series == .from2_13 ? "2.13." : library.version
    #expect(traced.session.tracerVersion.hasPrefix(version))
  }

  @Test func `soname, protocol and series belong together`() throws {
    let library = try LTTngUSTLibrary()
    let known: [LTTngUSTLibrary.Series: (String, Int)] = [
      .from2_13: ("liblttng-ust-ctl.so.5", 9), .from2_14: ("liblttng-ust-ctl.so.6", 10),
      .from2_15: ("liblttng-ust-ctl.so.6", 11),
    ]
    let (soname, protocolVersion) = try #require(known[library.series])
    #expect(library.soname == soname)
    #expect(library.protocolVersion == protocolVersion)
  }

  /// The registration message, struct lttng_ust_ctl_reg_msg of src/common/ustcomm.h, is the same in all versions.
  @Test(arguments: ["lttng-ust-sock-8", "lttng-ust-sock-11"])
  func `a process with another protocol is refused at once, whichever socket it looks for`(socket name: String) throws {
    let library = try LTTngUSTLibrary()
    let listener = try USTListener(library)
    let home = try #require(listener.environment["LTTNG_HOME"] ?? nil)
    let other = UInt32(library.protocolVersion + 90)
    let application = try connection("\(home)/.lttng/\(name)")
    defer { close(application) }
    var message = [UInt32](repeating: 0, count: 136 / 4)
    message[0] = 0xC57C_57C5
    message[1] = other
    try #require(send(application, &message, 136, 0) == 136)
    let error = refusal(listener)
    #expect(error?.kind == .unknownFormat)
    #expect(error?.detail.contains("protocol \(other)") == true)
    #expect(error?.detail.contains("has \(library.protocolVersion)") == true)
    #expect(error?.remedy.contains("of one version") == true)
  }

  @Test func `LTTNG_UST_APP_PATH of this process does not lead the traced one elsewhere`() throws {
    setenv("LTTNG_UST_APP_PATH", "/nonexistent", 1)
    defer { unsetenv("LTTNG_UST_APP_PATH") }
    let traced = try TracedProcess(.roomy)
    #expect(try traced.write(3).produced == 3)
  }

  /// The error of a session with this process.
  private func refusal(_ listener: consuming USTListener) -> SourceError? {
    do throws(SourceError) {
      _ = try USTSession(listener, process: getpid(), attributes: .roomy, timeout: patience)
      return nil
    } catch {
      return error
    }
  }

  private func connection(_ path: String) throws -> Int32 {
    let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(connected == 0)
    return file
  }
}
