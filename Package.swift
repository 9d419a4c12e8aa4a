// swift-tools-version: 6.2
import PackageDescription

let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "abi-compare",
  products: [
    .library(name: "SubbufferSource", targets: ["SubbufferSource"]),
    .library(name: "SubbufferSourceConformance", targets: ["SubbufferSourceConformance"]),
    .executable(name: "abi-compare", targets: ["abi-compare"]),
    // For Tests/Fuzzing.
    .library(name: "Decoders", targets: ["SubbufferSource", "TracefsBackend", "CTFPackets", "BytesSource"]),
    // For Benchmarks.
    .library(
      name: "Benchmarked",
      targets: [
        "SubbufferSource", "TracefsBackend", "CTFPackets", "LTTngUSTBackend", "Workload", "Study", "Platform",
        "AllocationCounter",
      ]),
    .library(name: "CTracefs", targets: ["CTracefs"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
  ],
  targets: [
    // The contract.
    .target(
      name: "SubbufferSource", dependencies: [systemPackage],
      swiftSettings: [.enableExperimentalFeature("Lifetimes")]),

    // The conformance kit, which tests a back end against the contract.
    .target(name: "SubbufferSourceConformance", dependencies: ["SubbufferSource"]),

    // Linux: processes, threads, descriptors, owners of what a killed run can leave, the kernel's log.
    .target(name: "CPlatform", path: "Sources/Platform/C"),
    .target(name: "Platform", dependencies: ["SubbufferSource", "CPlatform", systemPackage], exclude: ["C"]),

    // The back ends.
    .target(name: "CTracefs"),
    .target(name: "TracefsBackend", dependencies: ["SubbufferSource", "Platform", "CTracefs", systemPackage]),
    .target(name: "CTFPackets", dependencies: ["SubbufferSource", systemPackage]),
    // The library is loaded at run time and finds what it leaves to the executable by name.
    .target(
      name: "CLTTngUST",
      linkerSettings: [
        .unsafeFlags(
          ["lttng_ust_sigbus_state", "sigsuspend"].flatMap { ["-Xlinker", "--export-dynamic-symbol=\($0)"] })
      ]),
    .target(
      name: "LTTngUSTBackend", dependencies: ["SubbufferSource", "Platform", "CLTTngUST", "CTFPackets", systemPackage]),

    .target(name: "CLTTngModules"),
    .target(
      name: "LTTngModulesBackend",
      dependencies: ["SubbufferSource", "Platform", "CLTTngModules", "CTFPackets", systemPackage]),

    .target(name: "ReferenceModels", dependencies: ["SubbufferSource", systemPackage]),

    // The producers.
    .target(name: "CWorkload", dependencies: ["CPlatform"]),
    .executableTarget(name: "abi-compare-marker-writer", dependencies: ["CWorkload"]),
    .executableTarget(name: "abi-compare-logger-writer", dependencies: ["CWorkload"]),
    .systemLibrary(name: "CLTTngUSTTracepoint", pkgConfig: "lttng-ust", providers: [.apt(["liblttng-ust-dev"])]),
    .executableTarget(
      name: "abi-compare-producer", dependencies: ["CWorkload", "CLTTngUSTTracepoint"],
      cSettings: [.headerSearchPath(".")]),
    .target(name: "Workload", dependencies: ["SubbufferSource", "Platform", "CPlatform", "CWorkload", systemPackage]),

    // The study and what it makes.
    .target(name: "CPerfEvents"),
    .target(
      name: "Study",
      dependencies: [
        "SubbufferSource", "SubbufferSourceConformance", "Workload", "Platform", "CPlatform", "CPerfEvents", histogram,
        systemPackage,
      ]),
    .target(
      name: "StudiedBackends",
      dependencies: [
        "Study", "Workload", "CWorkload", "CPlatform", "SubbufferSource", "TracefsBackend", "LTTngUSTBackend",
        "LTTngModulesBackend", "CTFPackets", "CPerfEvents", "ReferenceModels", "Platform", systemPackage,
      ],
      resources: ["calls32.h", "tracefs32.c", "lttng-modules32.c"].map { .embedInCode("Reader32/\($0)") }),
    .target(
      name: "VirtualMachine", dependencies: ["Study", "SubbufferSource", "Platform", systemPackage],
      // Links to the sources of the producer, which is built with the compiler of the guest's Debian release.
      resources: [
        "main.c", "provider.c", "provider.h", "shm_open.c", "cworkload.c", "cworkload.h", "cprocess.c", "cprocess.h",
        "timed.c", "writing.h",
      ].map { .embedInCode("Producer/\($0)") }),
    .executableTarget(
      name: "abi-compare",
      dependencies: [
        "StudiedBackends", "VirtualMachine", "Report", "Study", "Workload", "Platform", "SubbufferSource",
        "AllocationCounter",
        systemPackage,
        argumentParser,
      ]),

    // No test depends on a producer: it would be linked into the test's process, which then would be traced itself.
    .testTarget(name: "WorkloadTests", dependencies: ["Workload", "Platform", "SubbufferSource"]),
    .testTarget(name: "StudyTests", dependencies: ["Study", "Workload", "Platform", "CPlatform", "SubbufferSource"]),
    .target(name: "Report", dependencies: ["Study", "SubbufferSource", "Platform", systemPackage]),
    .testTarget(
      name: "ReportTests", dependencies: ["Report", "Study", "Platform", systemPackage],
      exclude: ["Goldens", "README.md"]),
    .testTarget(
      name: "ReferenceModelsTests",
      dependencies: ["ReferenceModels", "SubbufferSource", "AllocationCounter", "BytesSource", systemPackage]),
    .testTarget(name: "PlatformTests", dependencies: ["Platform", "SubbufferSource"]),
    .testTarget(name: "abi-compareTests", dependencies: ["Report", "StudiedBackends", "Study", "Platform"]),
    .target(name: "AllocationCounter"),
    .testTarget(
      name: "StudiedBackendsTests",
      dependencies: [
        "StudiedBackends", "Study", "Report", "Workload", "SubbufferSource", "SubbufferSourceConformance",
        "AllocationCounter", "CTFPackets", "TracefsBackend", "BytesSource", "Platform", systemPackage,
      ],
      exclude: ["Versions"]),
    .target(name: "BytesSource", dependencies: ["SubbufferSource"], path: "Tests/BytesSource"),
    .testTarget(
      name: "SubbufferSourceTests", dependencies: ["SubbufferSource"],
      resources: [.copy("MustNotCompile")]),
    .testTarget(
      name: "SubbufferSourceConformanceTests",
      dependencies: ["SubbufferSourceConformance", "SubbufferSource", "AllocationCounter", systemPackage]),
    .testTarget(
      name: "CTFPacketsTests", dependencies: ["CTFPackets", "BytesSource", "SubbufferSource", systemPackage]),
    .testTarget(
      name: "TracefsBackendTests",
      dependencies: ["TracefsBackend", "Platform", "SubbufferSource", "Workload", "BytesSource", systemPackage],
      resources: [.copy("Decoding/Pages")]),
    .testTarget(
      name: "LTTngModulesBackendTests",
      dependencies: ["LTTngModulesBackend", "CLTTngModules", "CTFPackets", "SubbufferSource"]),
    .testTarget(name: "VirtualMachineTests", dependencies: ["VirtualMachine", "Platform", "SubbufferSource"]),
    .testTarget(
      name: "LTTngUSTBackendTests",
      dependencies: ["LTTngUSTBackend", "Platform", "CTFPackets", "SubbufferSource", "Workload", systemPackage]),
  ]
)
