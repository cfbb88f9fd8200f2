// swift-tools-version: 6.2
import PackageDescription

/// The flags every target is built with. STYLE: a boundary is a target, never a folder, and each
/// target is held to the same rules.
let rules: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .strictMemorySafety(),  // SE-0458
    .treatAllWarnings(as: .error),  // SE-0480
]

/// For what is shipped: without what a debug build, a sanitizer's and a fuzzer's check at every access to
/// an object's variables, and would end the process for.
let strict: [SwiftSetting] =
    rules + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

/// What values need that borrow bytes: `~Escapable` results have lifetime annotations.
let lifetimes: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]  // SE-0446

/// For targets in which values borrow bytes.
let borrowing: [SwiftSetting] = strict + lifetimes

/// For tests: what they test is optimised, their own code need not be, and compiles in half the time.
let testing: [SwiftSetting] =
    rules + lifetimes + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

let package = Package(
    name: "throughline",
    products: [
        // For tests of whole daemons, which preload it; nothing links it.
        .library(name: "StoreRecorder", type: .dynamic, targets: ["StoreRecorder"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
        // Its readers of JSON and of arguments are not used: none of its traits.
        .package(
            url: "https://github.com/apple/swift-configuration.git", exact: "1.4.0", traits: []),
        .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", exact: "0.2.0"),
    ],
    targets: [
        // --- Storage wrappers -------------------------------------------------------------
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "LMDB", dependencies: ["CFileSystem", "CLMDB"], swiftSettings: borrowing),
        .target(name: "Zstd", dependencies: ["CZstd"], swiftSettings: borrowing),
        .testTarget(name: "LMDBTests", dependencies: ["LMDB"], swiftSettings: testing),
        .testTarget(name: "ZstdTests", dependencies: ["Zstd"], swiftSettings: testing),

        // --- The event ----------------------------------------------------------------------
        .systemLibrary(name: "CChecksum"),
        .target(name: "EventModel", dependencies: ["CChecksum"], swiftSettings: borrowing),
        .testTarget(
            name: "EventModelTests", dependencies: ["EventModel"], swiftSettings: testing),

        // What tests share whatever they test.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),

        // --- JSON, read in order and digit by digit -----------------------------------------
        .target(name: "JSON", dependencies: ["EventModel"], swiftSettings: borrowing),
        .testTarget(
            name: "JSONTests", dependencies: ["EventModel", "JSON", "TestSupport"],
            swiftSettings: testing),

        // --- The log ------------------------------------------------------------------------
        .systemLibrary(name: "CProcess"),
        .target(name: "Threads", dependencies: ["CProcess"], swiftSettings: strict),
        .systemLibrary(name: "CFileSystem"),
        .target(
            name: "Consumers", dependencies: ["EventModel", "LMDB", "Threads"],
            swiftSettings: borrowing),
        .testTarget(
            name: "ConsumersTests", dependencies: ["Consumers", "EventModel", "LMDB"],
            swiftSettings: testing),
        .target(
            name: "EventIndex", dependencies: ["EventModel", "LMDB"], swiftSettings: borrowing),
        .testTarget(
            name: "EventIndexTests", dependencies: ["EventIndex", "EventModel", "LMDB"],
            swiftSettings: testing),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "EventLog",
            dependencies: [
                "CCrypto", "CFileSystem", "Consumers", "EventIndex", "EventModel", "LMDB",
                "Threads", "Zstd",
            ],
            swiftSettings: borrowing),
        .testTarget(
            name: "EventLogTests",
            dependencies: [
                "TestSupport", "EventIndex", "EventLog", "EventModel", "LMDB", "Zstd",
            ],
            exclude: ["KeptStore-1"], swiftSettings: testing),

        // --- The domain ---------------------------------------------------------------------
        .target(
            name: "ContactCentre", dependencies: ["EventModel", "JSON"], swiftSettings: borrowing),
        .target(
            name: "Views", dependencies: ["ContactCentre", "EventModel", "JSON"],
            swiftSettings: borrowing),

        // What tests of folds share: a log and rows in memory, events in a few words.
        .target(
            name: "FoldTesting", dependencies: ["EventModel", "Views"], path: "Tests/FoldTesting",
            swiftSettings: borrowing),
        .testTarget(
            name: "ContactCentreTests",
            dependencies: ["TestSupport", "ContactCentre", "EventModel", "FoldTesting"],
            swiftSettings: testing),
        .testTarget(
            name: "ViewsTests",
            dependencies: [
                "TestSupport", "ContactCentre", "EventModel", "FoldTesting", "Simulation", "Views",
            ],
            swiftSettings: testing),

        .target(
            name: "Projecting",
            dependencies: ["EventLog", "EventModel", "LMDB", "Threads", "Views", "Zstd"],
            swiftSettings: borrowing),

        .testTarget(
            name: "ProjectingTests",
            dependencies: [
                "EventLog", "EventModel", "LMDB", "Projecting", "TestSupport", "Threads", "Views",
            ],
            swiftSettings: testing),

        // --- The simulated shop -------------------------------------------------------------
        .target(
            name: "Simulation", dependencies: ["EventModel", "Zstd"], swiftSettings: borrowing),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "ContactCentre", "EventLog", "EventModel", "FoldTesting", "Simulation", "Views",
                "Zstd",
            ],
            swiftSettings: testing),

        // --- The protocol -------------------------------------------------------------------
        .target(name: "RESP", swiftSettings: borrowing),
        .target(
            name: "Commands",
            dependencies: [
                "Consumers", "ContactCentre", "EventLog", "EventModel", "JSON", "Projecting",
                "RESP",
                "Threads", "Views", .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            exclude: ["GUIDE.md", "REFERENCE.md"], swiftSettings: borrowing),
        .target(
            name: "Server",
            dependencies: [
                "CFileSystem", "Commands", "Consumers", "EventLog", "EventModel", "Projecting",
                "RESP", "Threads", "Views",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], swiftSettings: borrowing),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Commands", "Server", .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ], swiftSettings: testing),
        // Requests out of bytes, on a store: for libFuzzer (tools/fuzz) and for tests.
        .target(
            name: "CommandFuzzing",
            dependencies: [
                "Commands", "Consumers", "EventLog", "EventModel", "JSON", "Projecting", "RESP",
                "Threads", "Views",
            ], path: "Tests/CommandFuzzing", swiftSettings: borrowing),
        .target(name: "Client", dependencies: ["RESP", "Threads"], swiftSettings: borrowing),
        .target(
            name: "Following", dependencies: ["Client", "RESP", "Threads"], swiftSettings: strict),
        .testTarget(
            name: "CommandsTests",
            dependencies: [
                "CommandFuzzing", "Commands", "Consumers", "EventLog", "EventModel", "Projecting",
                "RESP", "TestSupport", "Views",
            ],
            swiftSettings: testing),
        .testTarget(
            name: "RESPTests", dependencies: ["TestSupport", "RESP"], swiftSettings: testing),
        .testTarget(
            name: "ClientTests", dependencies: ["Client", "RESP"], swiftSettings: testing),

        // --- Whole daemons ------------------------------------------------------------------
        // What tests of whole daemons share: starting one, talking to it, killing it.
        .target(
            name: "DaemonTesting",
            dependencies: [
                "TestSupport", "Client", "EventLog", "EventModel", "RESP", "Threads", "Zstd",
            ],
            path: "Tests/DaemonTesting", swiftSettings: strict),
        .testTarget(
            name: "CrashTests",
            dependencies: [
                "TestSupport", "Client", "DaemonTesting", "EventLog", "EventModel", "RESP",
                "Threads",
                "Zstd",
            ],
            path: "Tests/Crash", swiftSettings: testing),
        .testTarget(
            name: "FollowingTests",
            dependencies: ["TestSupport", "Client", "DaemonTesting", "Following", "RESP"],
            path: "Tests/Following", exclude: ["programs"], swiftSettings: testing),
        .target(name: "StoreRecorder", path: "Tests/StoreRecorder"),
        .testTarget(
            name: "PowerCutTests",
            dependencies: [
                "TestSupport", "Client", "Consumers", "DaemonTesting", "EventLog", "EventModel",
                "Projecting", "RESP", "Threads", "Views",
            ],
            path: "Tests/PowerCut", swiftSettings: testing),
        .testTarget(
            name: "TranscriptTests",
            dependencies: ["Client", "DaemonTesting", "EventLog", "EventModel", "RESP"],
            path: "Tests/Transcript", exclude: ["transcripts"], swiftSettings: testing),
        .testTarget(
            name: "RealData", dependencies: ["Client", "DaemonTesting", "RESP"],
            swiftSettings: testing),

        // --- Programs -----------------------------------------------------------------------
        .executableTarget(
            name: "throughlined",
            dependencies: [
                "Client", "Commands", "EventLog", "EventModel", "Server", "Threads",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "TOMLKit", package: "TOMLKit"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], swiftSettings: strict),
        .testTarget(
            name: "ThroughlinedTests",
            dependencies: [
                "Client", "Commands", "DaemonTesting", "EventLog", "EventModel", "RESP", "Server",
                "TestSupport",
                "throughlined",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: testing),

        // --- The operators' tool --------------------------------------------------------------
        .target(
            name: "Importing",
            dependencies: [
                "EventModel", "JSON", "RESP", "Client",
                .product(name: "TOMLKit", package: "TOMLKit"),
            ],
            swiftSettings: borrowing),
        .systemLibrary(name: "CClock", path: "tools/CClock"),
        .executableTarget(
            name: "throughline",
            dependencies: [
                "CClock", "Client", "Consumers", "EventLog", "EventModel", "Importing", "JSON",
                "Projecting", "RESP", "Simulation", "Threads", "Views", "Zstd",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "tools/throughline", swiftSettings: strict),
        .testTarget(
            name: "ImportingTests",
            dependencies: [
                "TestSupport", "Importing", "ContactCentre", "EventModel", "FoldTesting", "JSON",
                "RESP", "Client", "Views",
            ],
            swiftSettings: testing),
        .testTarget(
            name: "ToolTests",
            dependencies: [
                "throughline", "Client", "DaemonTesting", "Importing", "JSON", "RESP",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: testing),

        // --- The bench --------------------------------------------------------------------------
        .target(
            name: "ReferenceEvents", dependencies: ["EventModel"], path: "bench/ReferenceEvents",
            swiftSettings: strict),
        .systemLibrary(name: "CPoll", path: "bench/CPoll"),
        .executableTarget(
            name: "throughline-bench",
            dependencies: [
                "CPoll", "Client", "Commands", "EventLog", "EventModel", "JSON", "Projecting",
                "ReferenceEvents", "RESP", "Simulation", "Threads", "Views",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            path: "bench/throughline-bench", swiftSettings: borrowing),
        .testTarget(
            name: "BenchTests",
            dependencies: [
                "EventModel", "ReferenceEvents", "Simulation", "throughline-bench",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: testing),
    ]
)
