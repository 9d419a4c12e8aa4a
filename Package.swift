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
        "SubbufferSource", "TracefsBackend", "CTFPackets", "LTTngUSTBackend", "Workload", "Study", "Ownership",
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

    .target(name: "Threads", dependencies: ["SubbufferSource", systemPackage]),

    .target(name: "Ownership"),
    .target(name: "KernelLog", dependencies: ["SubbufferSource", "Ownership", systemPackage]),

    // The back ends.
    .target(name: "CTracefs"),
    .target(name: "TracefsBackend", dependencies: ["SubbufferSource", "Ownership", "CTracefs", systemPackage]),
    .target(name: "CTFPackets", dependencies: ["SubbufferSource", systemPackage]),
    // The library is loaded at run time and finds what it leaves to the executable by name.
    .target(
      name: "CLTTngUST",
      linkerSettings: [
        .unsafeFlags(
          ["lttng_ust_sigbus_state", "sigsuspend"].flatMap { ["-Xlinker", "--export-dynamic-symbol=\($0)"] })
      ]),
    .target(
      name: "LTTngUSTBackend",
      dependencies: ["SubbufferSource", "Ownership", "Threads", "CLTTngUST", "CTFPackets", systemPackage]),

    .target(name: "CLTTngModules"),
    .target(
      name: "LTTngModulesBackend", dependencies: ["SubbufferSource", "CLTTngModules", "CTFPackets", systemPackage]),

    .target(name: "ReferenceModels", dependencies: ["SubbufferSource", systemPackage]),

    // The producers.
    .target(name: "CWorkload"),
    .executableTarget(name: "abi-compare-marker-writer", dependencies: ["CWorkload"]),
    .executableTarget(name: "abi-compare-logger-writer", dependencies: ["CWorkload"]),
    .systemLibrary(name: "CLTTngUSTTracepoint", pkgConfig: "lttng-ust", providers: [.apt(["liblttng-ust-dev"])]),
    .executableTarget(
      name: "abi-compare-producer", dependencies: ["CWorkload", "CLTTngUSTTracepoint"],
      cSettings: [.headerSearchPath(".")]),
    .target(name: "Workload", dependencies: ["SubbufferSource", "CWorkload", systemPackage]),

    // The study and what it makes.
    .target(name: "CPerfEvents"),
    .target(
      name: "Study",
      dependencies: [
        "SubbufferSource", "SubbufferSourceConformance", "Workload", "CWorkload", "Threads", "Ownership", "KernelLog",
        "CPerfEvents", histogram, systemPackage,
      ]),
    .target(
      name: "StudiedBackends",
      dependencies: [
        "Study", "Workload", "CWorkload", "SubbufferSource", "TracefsBackend", "LTTngUSTBackend",
        "LTTngModulesBackend", "CTFPackets", "CPerfEvents", "ReferenceModels", "Ownership", "Threads", "KernelLog",
        systemPackage,
      ],
      resources: ["calls32.h", "tracefs32.c", "lttng-modules32.c"].map { .embedInCode("Reader32/\($0)") }),
    .target(
      name: "VirtualMachine", dependencies: ["Study", "Workload", "SubbufferSource", "Ownership", systemPackage],
      // Links to the sources of the producer, which is built with the compiler of the guest's Debian release.
      resources: [
        "main.c", "provider.c", "provider.h", "shm_open.c", "cworkload.c", "cworkload.h", "cprocess.c", "cprocess.h",
        "timed.c", "writing.h",
      ].map { .embedInCode("Producer/\($0)") }),
    .executableTarget(
      name: "abi-compare",
      dependencies: [
        "StudiedBackends", "VirtualMachine", "Report", "Study", "Workload", "KernelLog", "SubbufferSource",
        "AllocationCounter", "Ownership",
        systemPackage,
        argumentParser,
      ]),

    // No test depends on a producer: it would be linked into the test's process, which then would be traced itself.
    .testTarget(name: "WorkloadTests", dependencies: ["Workload", "SubbufferSource"]),
    .testTarget(name: "StudyTests", dependencies: ["Study", "Workload", "CWorkload", "SubbufferSource", "KernelLog"]),
    .target(name: "Report", dependencies: ["Study", "SubbufferSource", "Ownership", systemPackage]),
    .testTarget(
      name: "ReportTests", dependencies: ["Report", "Study", "Ownership", systemPackage],
      exclude: ["Goldens", "README.md"]),
    .testTarget(
      name: "ReferenceModelsTests",
      dependencies: ["ReferenceModels", "SubbufferSource", "AllocationCounter", "BytesSource", systemPackage]),
    .testTarget(name: "OwnershipTests", dependencies: ["Ownership"]),
    .testTarget(name: "KernelLogTests", dependencies: ["KernelLog", "SubbufferSource"]),
    .testTarget(
      name: "abi-compareTests", dependencies: ["Report", "StudiedBackends", "Study", "Workload", "Ownership"]),
    .target(name: "AllocationCounter"),
    .testTarget(
      name: "StudiedBackendsTests",
      dependencies: [
        "StudiedBackends", "Study", "Report", "Workload", "SubbufferSource", "SubbufferSourceConformance",
        "AllocationCounter", "CTFPackets", "TracefsBackend", "BytesSource", "Ownership", systemPackage,
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
      dependencies: ["TracefsBackend", "Ownership", "SubbufferSource", "Workload", "BytesSource", systemPackage],
      resources: [.copy("Decoding/Pages")]),
    .testTarget(
      name: "LTTngModulesBackendTests",
      dependencies: ["LTTngModulesBackend", "CLTTngModules", "CTFPackets", "SubbufferSource"]),
    .testTarget(
      name: "VirtualMachineTests", dependencies: ["VirtualMachine", "Ownership", "SubbufferSource", "Workload"]),
    .testTarget(
      name: "LTTngUSTBackendTests",
      dependencies: ["LTTngUSTBackend", "Ownership", "CTFPackets", "SubbufferSource", "Workload", systemPackage]),
  ]
)
