// swift-tools-version: 6.2
import PackageDescription

let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
  name: "abi-compare",
  products: [
    .library(name: "SubbufferSource", targets: ["SubbufferSource"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1")
  ],
  targets: [
    .target(
      name: "SubbufferSource", dependencies: [systemPackage],
      swiftSettings: [.enableExperimentalFeature("Lifetimes")])
  ]
)
