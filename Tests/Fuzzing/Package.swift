// swift-tools-version: 6.2
import PackageDescription

// A separate package: everything in it is built with libFuzzer's instrumentation, and its programs have libFuzzer's
// main (`make fuzz`).

let decoders = Target.Dependency.product(name: "Decoders", package: "abi-compare")
// Without `-parse-as-library` the compiler generates a main.
let withoutMain: [SwiftSetting] = [.unsafeFlags(["-parse-as-library"])]

let package = Package(
  name: "Fuzzing",
  dependencies: [.package(name: "abi-compare", path: "../..")],
  targets: [
    .target(name: "FuzzInput"),
    .executableTarget(name: "fuzz-packets", dependencies: ["FuzzInput", decoders], swiftSettings: withoutMain),
    .executableTarget(
      name: "fuzz-pages", dependencies: ["FuzzInput", decoders],
      resources: [.embedInCode("linux-6.18-missed-stored.bin")], swiftSettings: withoutMain),
  ]
)
