// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the product has neither the C loops nor the programs that time them: `make bench`.

let benchmarked = Target.Dependency.product(name: "Benchmarked", package: "abi-compare")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "abi-compare", path: ".."),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
  ],
  targets: [
    .target(
      name: "CLoops",
      dependencies: [
        .product(name: "CTracefs", package: "abi-compare"), .product(name: "CPerfRing", package: "abi-compare"),
        .product(name: "CBPFRing", package: "abi-compare"),
      ]),
    .target(name: "CapturedSubbuffers", dependencies: [benchmarked]),
    .executableTarget(name: "count-events", dependencies: ["CapturedSubbuffers", benchmarked, systemPackage]),
    .executableTarget(
      name: "abi-compare-bench", dependencies: ["CLoops", "CapturedSubbuffers", benchmarked, histogram, systemPackage]),
  ]
)
