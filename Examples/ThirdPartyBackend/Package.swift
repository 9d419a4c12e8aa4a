// swift-tools-version: 6.2
import PackageDescription

let study = Target.Dependency.product(name: "AbiCompareCommand", package: "abi-compare")

/// The producers of the built-in back ends: SwiftPM builds them next to a program that depends on them.
let producers = [
  "abi-compare-marker-writer", "abi-compare-producer", "abi-compare-logger-writer", "abi-compare-probed-writer",
]

let package = Package(
  name: "ThirdPartyBackend",
  dependencies: [.package(name: "abi-compare", path: "../..")],
  targets: [
    .target(name: "CSharedRing"),
    .executableTarget(
      name: "shared-ring-writer",
      dependencies: ["CSharedRing", .product(name: "CWorkload", package: "abi-compare")]),
    .target(name: "SharedRingBackend", dependencies: ["CSharedRing", study]),
    .executableTarget(
      name: "third-party-compare",
      dependencies: ["SharedRingBackend", study]
        + producers.map { .product(name: $0, package: "abi-compare") }),
    .testTarget(name: "SharedRingBackendTests", dependencies: ["SharedRingBackend", study]),
  ]
)
