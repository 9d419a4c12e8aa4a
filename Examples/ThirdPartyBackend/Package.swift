// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "ThirdPartyBackend",
  products: [.library(name: "ThirdPartyBackend", targets: ["ThirdPartyBackend"])],
  dependencies: [.package(name: "abi-compare", path: "../..")],
  targets: [
    .target(
      name: "ThirdPartyBackend", dependencies: [.product(name: "SubbufferSource", package: "abi-compare")]),
    .testTarget(
      name: "ThirdPartyBackendTests",
      dependencies: [
        "ThirdPartyBackend", .product(name: "SubbufferSourceConformance", package: "abi-compare"),
      ]),
  ]
)
