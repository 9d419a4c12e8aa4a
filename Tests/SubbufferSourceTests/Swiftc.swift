import Foundation

/// The compiler, with the arguments for a client of the module under test.
struct Swiftc {
  /// The compiler on the PATH; `nil` if it is missing.
  static let path: URL? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { URL(filePath: String($0)).appending(path: "swiftc") }
    .first { FileManager.default.isExecutableFile(atPath: $0.path) }

  private let executable: URL
  private let arguments: [String]

  /// Finds the modules of this build; returns `nil` if a part is missing.
  init?() {
    guard let executable = Self.path else { return nil }
    self.executable = executable
    let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    // SystemPackage, which errors use, imports this module, which has no compiled form.
    let moduleMap = "checkouts/swift-system/Sources/CSystem/include/module.modulemap"
    guard let map = Self.find(moduleMap, from: products) else { return nil }
    // Errors of exclusivity and of lifetimes come from the optimizer's first passes: type checking is not enough.
    arguments = [
      "-swift-version", "6", "-emit-sil", "-o", "/dev/null", "-I", products.appending(path: "Modules").path,
      "-Xcc", "-fmodule-map-file=\(map.path)", "-",
    ]
  }

  /// Compiles a source text.
  /// - Returns: `true` if it compiled, and the compiler's output.
  func compile(_ source: Data) throws -> (succeeded: Bool, output: String) {
    let process = Process()
    let input = Pipe()
    let output = Pipe()
    process.executableURL = executable
    process.arguments = arguments
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: source)
    try input.fileHandleForWriting.close()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationReason == .exit && process.terminationStatus == 0, String(decoding: text, as: UTF8.self))
  }

  /// Returns the file with a relative path in the nearest parent directory that contains it.
  private static func find(_ path: String, from directory: URL) -> URL? {
    var directory = directory
    while directory.pathComponents.count > 1 {
      let file = directory.appending(path: path)
      if FileManager.default.fileExists(atPath: file.path) { return file }
      directory.deleteLastPathComponent()
    }
    return nil
  }
}
