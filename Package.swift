// swift-tools-version: 6.2
import PackageDescription

/// The flags every target is built with. STYLE: a boundary is a target, never a folder, and each
/// target is held to the same rules.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .strictMemorySafety(),  // SE-0458
    .treatAllWarnings(as: .error),  // SE-0480
]

/// For targets in which values borrow bytes: `~Escapable` results need lifetime annotations.
let borrowing: [SwiftSetting] = strict + [.enableExperimentalFeature("Lifetimes")]  // SE-0446

let package = Package(
    name: "throughline",
    products: [],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0")
    ],
    targets: [
        // --- Storage wrappers -------------------------------------------------------------
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "LMDB", dependencies: ["CLMDB"], swiftSettings: borrowing),
        .target(name: "Zstd", dependencies: ["CZstd"], swiftSettings: borrowing),
        .testTarget(name: "LMDBTests", dependencies: ["LMDB"], swiftSettings: borrowing),
        .testTarget(name: "ZstdTests", dependencies: ["Zstd"], swiftSettings: borrowing),

        // --- The event ----------------------------------------------------------------------
        .target(name: "EventModel", swiftSettings: borrowing),

        // --- The log ------------------------------------------------------------------------
        .target(
            name: "EventLog",
            dependencies: [
                "EventModel", "LMDB", "Zstd", .product(name: "Crypto", package: "swift-crypto"),
            ], swiftSettings: borrowing),

        // --- The domain ---------------------------------------------------------------------
        .target(name: "ContactCentre", dependencies: ["EventModel"], swiftSettings: borrowing),
        .target(
            name: "Views", dependencies: ["ContactCentre", "EventModel"], swiftSettings: borrowing),

        // --- The protocol -------------------------------------------------------------------
        .target(name: "RESP", swiftSettings: borrowing),
        .target(name: "Client", dependencies: ["RESP"], swiftSettings: borrowing),

    ]
)
