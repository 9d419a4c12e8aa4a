import Glibc
import LTTngUSTABI
import Platform
import SubbufferSource
import Testing

/// Tests that need a separate process: this program starts itself again for each, and runs no other test there.
@Suite(.enabled(if: testsRun, "LTTng-UST cannot run here"), .serialized, .timeLimit(.minutes(5)))
struct AloneTests {
  /// The environment variable with the name of the one test to run in this process.
  private static let variable = "ABI_COMPARE_TEST_ALONE"

  @Test func `Twenty set-ups leave no descriptor, no thread, no directory and no shared memory`() throws {
    try alone("leaveNothing") {
      func descriptors() -> Set<String> { Set(names("/proc/self/fd")) }
      func leftInTemporaryDirectory() -> [String] {
        let directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        return names(directory).filter { $0.hasPrefix(RunOwner.current.name("")) }
      }
      func oneSetUp(_ mode: RingMode, _ switchTimer: UInt32) throws {
        var attributes = ChannelAttributes.tight(mode)
        attributes.switchTimer = switchTimer
        let traced = try TracedProcess(attributes)
        var source = try traced.source()
        try traced.write(1000)
        traced.producer.end()
        #expect(try !readToEnd(&source).sequence.isEmpty)
      }
      // The first set-up also allocates resources that the process keeps.
      try oneSetUp(.discard, 1000)
      let before = descriptors()
      let threads = names("/proc/self/task").count
      let shared = names("/dev/shm")
      for turn in 0..<20 { try oneSetUp(turn % 2 == 0 ? .discard : .overwrite, turn % 5 == 0 ? 1000 : 0) }
      #expect(descriptors().count == before.count)
      #expect(names("/proc/self/task").count <= threads + 1)
      #expect(names("/dev/shm") == shared)
      #expect(leftInTemporaryDirectory() == [])
    }
  }

  private func names(_ directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Runs `body` in a separate process: the first call starts this program again, which repeats the call.
  private func alone(_ name: String, _ body: () throws -> Void) throws {
    if let chosen = getenv(Self.variable) {
      guard String(cString: chosen) == name else { return }
      try body()
      print("\(name) ran to its end")
      return
    }
    let arguments =
      ["/usr/bin/env", "\(Self.variable)=\(name)"]
      + [thisProgram(), "--testing-library", "swift-testing", "--filter", "AloneTests"]
    let output = "/tmp/abi-compare-test-\(getpid())-\(name)"
    defer { unlink(output) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    let words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process: pid_t = 0
    try #require(posix_spawn(&process, "/usr/bin/env", &actions, nil, words, environ) == 0)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let said = text(output)
    #expect(status == 0, "\(said)")
    #expect(said.contains("\(name) ran to its end"), "\(said)")
  }

  private func thisProgram() -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    return String(decoding: buffer[..<max(count, 0)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func text(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
  }
}
