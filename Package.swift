// swift-tools-version: 6.2
import PackageDescription

let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// What the study of a back end is made of.
let study: [Target.Dependency] = [
  "Study", "Results", "Workload", "Platform", "CPlatform", "SubbufferSource", systemPackage,
]

/// Also in debug builds: the tests read and render the committed studies many times.
let optimized: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "abi-compare",
  products: [
    .library(name: "SubbufferSource", targets: ["SubbufferSource"]),
    .library(name: "SubbufferSourceConformance", targets: ["SubbufferSourceConformance"]),
    // For a program that makes the study with back ends of its own.
    .library(
      name: "AbiCompareCommand",
      targets: [
        "AbiCompareCommand", "BackendList", "Study", "Results", "Workload", "Platform", "SubbufferSource",
        "SubbufferSourceConformance", "AllocationCounter",
      ]),
    // The main loop of a producer in C.
    .library(name: "CWorkload", targets: ["CWorkload"]),
    .executable(name: "abi-compare", targets: ["abi-compare"]),
    // The producers of the built-in back ends, for such a program.
    .executable(name: "abi-compare-marker-writer", targets: ["abi-compare-marker-writer"]),
    .executable(name: "abi-compare-producer", targets: ["abi-compare-producer"]),
    .executable(name: "abi-compare-logger-writer", targets: ["abi-compare-logger-writer"]),
    .executable(name: "abi-compare-probed-writer", targets: ["abi-compare-probed-writer"]),
    // For Tests/Fuzzing.
    .library(name: "Decoders", targets: ["SubbufferSource", "TracefsABI", "CTFPackets", "BytesSource"]),
    // For Benchmarks.
    .library(
      name: "Benchmarked",
      targets: [
        "SubbufferSource", "TracefsABI", "CTFPackets", "LTTngUSTABI", "PerfEventABI", "BPFRingABI", "UprobeEvents",
        "Workload",
        "Study",
        "Results", "Platform", "AllocationCounter",
      ]),
    .library(name: "CTracefs", targets: ["CTracefs"]),
    .library(name: "CPerfRing", targets: ["CPerfRing"]),
    .library(name: "CBPFRing", targets: ["CBPFRing"]),
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
      swiftSettings: [.enableExperimentalFeature("Lifetimes")] + optimized),

    // The conformance kit, which tests a back end against the contract.
    .target(name: "SubbufferSourceConformance", dependencies: ["SubbufferSource"], swiftSettings: optimized),

    // Linux: processes, threads, descriptors, owners of what a killed run can leave, the kernel's log.
    .target(name: "CPlatform", path: "Sources/Platform/C"),
    .target(name: "Platform", dependencies: ["SubbufferSource", "CPlatform", systemPackage], exclude: ["C"]),

    .target(
      name: "ReferenceModels", dependencies: ["SubbufferSource", "KernelLosses", "CTFPackets", systemPackage],
      swiftSettings: optimized),

    .target(name: "CWorkload", dependencies: ["CPlatform"]),
    .target(name: "Workload", dependencies: ["SubbufferSource", "Platform", "CPlatform", "CWorkload", systemPackage]),

    // The records of a run, and the judges and statistics over them.
    .target(name: "Results", dependencies: ["SubbufferSource", "Platform"], swiftSettings: optimized),

    // The study, which makes the records.
    .target(name: "CPerfEvents"),
    .target(
      name: "Study",
      dependencies: [
        "Results", "SubbufferSource", "SubbufferSourceConformance", "Workload", "Platform", "CPlatform", "CPerfEvents",
        "ReferenceModels", histogram, systemPackage,
      ],
      resources: [.embedInCode("ProbeTools/calls32.h")], swiftSettings: optimized),

    // The back ends, each in a folder: its declarations in C, its ABI one to one, its producer, and its study.
    .target(name: "CTracefs", path: "Sources/Backends/Tracefs/C"),
    .target(
      name: "KernelLosses", dependencies: ["SubbufferSource"], path: "Sources/Backends/Tracefs/Losses",
      swiftSettings: optimized),
    .target(
      name: "TracefsABI", dependencies: ["SubbufferSource", "KernelLosses", "Platform", "CTracefs", systemPackage],
      path: "Sources/Backends/Tracefs/ABI"),
    .executableTarget(
      name: "abi-compare-marker-writer", dependencies: ["CWorkload"], path: "Sources/Backends/Tracefs/Producer"),
    .target(
      name: "TracefsBackend",
      dependencies: study + ["TracefsABI", "KernelLosses", "ReferenceModels", "ProbedRings", "UprobeEvents"],
      path: "Sources/Backends/Tracefs",
      exclude: ["C", "ABI", "Losses", "Producer"], resources: [.embedInCode("Reader32/tracefs32.c")]),

    .target(
      name: "CTFPackets", dependencies: ["SubbufferSource", systemPackage], path: "Sources/Backends/LTTng/Packets",
      swiftSettings: optimized),
    .target(
      name: "LTTngBackend", dependencies: study + ["CTFPackets", "ReferenceModels"], path: "Sources/Backends/LTTng",
      exclude: ["Packets"]),

    // The library is loaded at run time and finds what it leaves to the executable by name.
    .target(
      name: "CLTTngUST", path: "Sources/Backends/LTTngUST/C",
      linkerSettings: [
        .unsafeFlags(
          ["lttng_ust_sigbus_state", "sigsuspend"].flatMap { ["-Xlinker", "--export-dynamic-symbol=\($0)"] })
      ]),
    .target(
      name: "LTTngUSTABI", dependencies: ["SubbufferSource", "Platform", "CLTTngUST", "CTFPackets", systemPackage],
      path: "Sources/Backends/LTTngUST/ABI"),
    .systemLibrary(
      name: "CLTTngUSTTracepoint", path: "Sources/Backends/LTTngUST/Tracepoint", pkgConfig: "lttng-ust",
      providers: [.apt(["liblttng-ust-dev"])]),
    .executableTarget(
      name: "abi-compare-producer", dependencies: ["CWorkload", "CLTTngUSTTracepoint"],
      path: "Sources/Backends/LTTngUST/Producer", cSettings: [.headerSearchPath(".")]),
    .target(
      name: "LTTngUSTBackend",
      dependencies: study + ["LTTngBackend", "LTTngUSTABI", "CTFPackets", "CPerfEvents", "CWorkload"],
      path: "Sources/Backends/LTTngUST", exclude: ["C", "ABI", "Tracepoint", "Producer"]),

    .target(name: "CLTTngModules", path: "Sources/Backends/LTTngModules/C"),
    .target(
      name: "LTTngModulesABI",
      dependencies: ["SubbufferSource", "Platform", "CLTTngModules", "CTFPackets", systemPackage],
      path: "Sources/Backends/LTTngModules/ABI"),
    .executableTarget(
      name: "abi-compare-logger-writer", dependencies: ["CWorkload"], path: "Sources/Backends/LTTngModules/Producer"),
    .target(
      name: "LTTngModulesBackend", dependencies: study + ["LTTngBackend", "LTTngModulesABI", "CTFPackets"],
      path: "Sources/Backends/LTTngModules", exclude: ["C", "ABI", "Producer"],
      resources: [.embedInCode("Reader32/lttng-modules32.c")]),

    // The trace event that feeds several ring buffers, and its writer.
    .executableTarget(
      name: "abi-compare-probed-writer", dependencies: ["CWorkload"], path: "Sources/Backends/Uprobe/Producer"),
    .target(
      name: "UprobeEvents", dependencies: ["SubbufferSource", "TracefsABI", "Platform", "Workload", systemPackage],
      path: "Sources/Backends/Uprobe/Probe"),

    .target(
      name: "ProbedRings", dependencies: study + ["UprobeEvents"], path: "Sources/Backends/Uprobe/Rings"),

    // The probes of ring buffers with a head and a tail.
    .target(
      name: "HeadTailBackend", dependencies: study + ["UprobeEvents", "TracefsABI", systemPackage],
      path: "Sources/Backends/HeadTail"),

    .target(name: "CPerfRing", path: "Sources/Backends/PerfEvent/C"),
    .target(
      name: "PerfEventABI", dependencies: ["SubbufferSource", "Platform", "CPerfRing", systemPackage],
      path: "Sources/Backends/PerfEvent/ABI", swiftSettings: optimized),
    .target(
      name: "PerfEventBackend",
      dependencies: study + ["HeadTailBackend", "ProbedRings", "PerfEventABI", "UprobeEvents", "TracefsABI"],
      path: "Sources/Backends/PerfEvent", exclude: ["C", "ABI"]),

    .target(name: "CBPFRing", path: "Sources/Backends/BPFRing/C"),
    .target(
      name: "BPFRingABI", dependencies: ["SubbufferSource", "Platform", "CBPFRing", systemPackage],
      path: "Sources/Backends/BPFRing/ABI", swiftSettings: optimized),
    .target(
      name: "BPFRingBackend",
      dependencies: study + ["HeadTailBackend", "ProbedRings", "BPFRingABI", "UprobeEvents", "TracefsABI"],
      path: "Sources/Backends/BPFRing", exclude: ["C", "ABI"]),

    .target(
      name: "BackendList",
      dependencies: [
        "TracefsBackend", "LTTngBackend", "LTTngUSTBackend", "LTTngModulesBackend", "HeadTailBackend",
        "PerfEventBackend", "BPFRingBackend", "ProbedRings", "Study", "Results",
      ],
      path: "Sources/Backends/List"),

    .target(
      name: "VirtualMachine", dependencies: ["Study", "Results", "SubbufferSource", "Platform", systemPackage],
      // Links to the sources of the producer, which is built with the compiler of the guest's Debian release.
      resources: [
        "main.c", "provider.c", "provider.h", "shm_open.c", "cworkload.c", "cworkload.h", "cprocess.c", "cprocess.h",
        "timed.c", "writing.h",
      ].map { .embedInCode("Producer/\($0)") }),
    // The command line, for any list of back ends.
    .target(
      name: "AbiCompareCommand",
      dependencies: [
        "VirtualMachine", "Report", "Study", "Results", "Workload", "Platform", "SubbufferSource", "AllocationCounter",
        systemPackage, argumentParser,
      ]),
    .executableTarget(name: "abi-compare", dependencies: ["AbiCompareCommand", "BackendList"]),

    // No test depends on a producer: it would be linked into the test's process, which then would be traced itself.
    .testTarget(name: "WorkloadTests", dependencies: ["Workload", "Platform", "SubbufferSource"]),
    .testTarget(
      name: "StudyTests",
      dependencies: ["Study", "Results", "TestResults", "Workload", "Platform", "CPlatform", "SubbufferSource"]),
    .target(
      name: "Report", dependencies: ["Results", "Study", "SubbufferSource", "Platform", systemPackage],
      swiftSettings: optimized),
    .testTarget(
      name: "ReportTests",
      dependencies: ["Report", "Results", "TestResults", "SubbufferSource", "Study", "Platform", systemPackage],
      exclude: ["Goldens", "README.md"]),
    .testTarget(
      name: "ReferenceModelsTests",
      dependencies: [
        "ReferenceModels", "SubbufferSource", "KernelLosses", "CTFPackets", "AllocationCounter", "BytesSource",
        systemPackage,
      ]),
    .testTarget(name: "PlatformTests", dependencies: ["Platform", "SubbufferSource"]),
    .testTarget(
      name: "AbiCompareCommandTests",
      dependencies: ["TestPrograms", "Report", "BackendList", "Study", "Results", "Platform"]),
    .target(name: "AllocationCounter"),
    .testTarget(
      name: "BackendTests",
      dependencies: [
        "BackendList", "TracefsBackend", "LTTngBackend", "LTTngUSTBackend", "LTTngModulesBackend", "Study", "Results",
        "Report", "KernelLosses", "ReferenceModels",
        "Workload", "SubbufferSource", "SubbufferSourceConformance",
        "AllocationCounter", "CTFPackets", "TracefsABI", "BytesSource", "Platform", systemPackage,
      ],
      exclude: ["Versions"]),
    .target(name: "BytesSource", dependencies: ["SubbufferSource"], path: "Tests/BytesSource"),
    .target(name: "TestPrograms", path: "Tests/TestPrograms"),
    .target(name: "TestResults", dependencies: ["Results", "SubbufferSource"], path: "Tests/TestResults"),
    .testTarget(
      name: "SubbufferSourceTests", dependencies: ["SubbufferSource"],
      resources: [.copy("MustNotCompile")]),
    .testTarget(
      name: "SubbufferSourceConformanceTests",
      dependencies: ["SubbufferSourceConformance", "SubbufferSource", "AllocationCounter", systemPackage]),
    .testTarget(
      name: "CTFPacketsTests", dependencies: ["CTFPackets", "BytesSource", "SubbufferSource", systemPackage]),
    .testTarget(
      name: "TracefsABITests",
      dependencies: [
        "TracefsABI", "KernelLosses", "Platform", "SubbufferSource", "Workload", "BytesSource", systemPackage,
      ],
      resources: [.copy("Decoding/Pages")]),
    .testTarget(name: "BPFRingABITests", dependencies: ["BPFRingABI", "SubbufferSource", "BytesSource"]),
    .testTarget(name: "PerfEventABITests", dependencies: ["PerfEventABI", "SubbufferSource", "BytesSource"]),
    .testTarget(
      name: "UprobeEventsTests",
      dependencies: ["UprobeEvents", "Platform", "SubbufferSource", "BytesSource", systemPackage]),
    .testTarget(
      name: "LTTngModulesABITests",
      dependencies: ["LTTngModulesABI", "CLTTngModules", "CTFPackets", "SubbufferSource"]),
    .testTarget(
      name: "VirtualMachineTests", dependencies: ["TestPrograms", "VirtualMachine", "Platform", "SubbufferSource"]),
    .testTarget(
      name: "LTTngUSTABITests",
      dependencies: ["LTTngUSTABI", "Platform", "CTFPackets", "SubbufferSource", "Workload", systemPackage]),
  ]
)
