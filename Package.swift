// swift-tools-version: 6.2
import PackageDescription

// `make check` turns warnings into errors, without building the dependencies again.
let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (Context.environment["MARTLET_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

/// Of what runs for each call. In debug builds, and so in tests and fuzzers, each access to a class's property is checked to
/// be the only one; in release builds that check takes 4 to 8 % of a call's instructions, and isn't made.
let runtimeSettings: [SwiftSetting] =
    settings + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

let package = Package(
    name: "martlet",
    platforms: [.macOS("26.0")],
    products: [
        .library(name: "Martlet", targets: ["Martlet"]),
        .library(name: "MartletDiscovery", targets: ["MartletDiscovery"]),
        // Descriptors: generated code of files with custom options imports them.
        .library(name: "MartletMessages", targets: ["MartletMessages", "MartletDescriptors"]),
        // Servers and clients that meet in etcd.
        .library(name: "MartletEtcd", targets: ["MartletEtcd"]),
        .library(name: "MartletFoundation", targets: ["MartletFoundation"]),
        .library(name: "MartletTesting", targets: ["MartletTesting"]),
        // Who doesn't use it doesn't build swift-metrics and swift-distributed-tracing.
        .library(name: "MartletObservability", targets: ["MartletObservability"]),
        // Who doesn't use it doesn't build BoringSSL.
        .library(name: "MartletTLS", targets: ["MartletTLS"]),
        .executable(name: "martlet", targets: ["martlet-cli"]),
        .executable(name: "martlet-generate", targets: ["martlet-generate"]),
        .executable(name: "protoc-gen-martlet", targets: ["protoc-gen-martlet"]),
        .plugin(name: "MartletGenerator", targets: ["MartletGenerator"]),
        .plugin(name: "MartletGenerateCommand", targets: ["MartletGenerateCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Contracts and messages.
        .target(name: "MartletCore", swiftSettings: runtimeSettings),
        .systemLibrary(
            name: "CProtobufC", pkgConfig: "libprotobuf-c",
            providers: [.apt(["libprotobuf-c-dev"]), .brew(["protobuf-c"])]),
        .target(name: "MartletMessages", dependencies: ["MartletCore", "CProtobufC"], swiftSettings: runtimeSettings),
        // The only library that links Foundation.
        .target(name: "MartletFoundation", dependencies: ["MartletMessages"], swiftSettings: settings),

        // Smaller bytes.
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(name: "MartletCompression", dependencies: ["MartletCore", "CZlib"], swiftSettings: runtimeSettings),

        // From `.proto` text to Swift.
        .target(name: "MartletDescriptors", dependencies: ["MartletMessages"], swiftSettings: settings),
        .target(name: "MartletSchema", dependencies: ["MartletDescriptors"], swiftSettings: settings),
        .target(
            name: "MartletCodegen", dependencies: ["MartletSchema", "MartletDescriptors"], swiftSettings: settings),
        .target(
            name: "MartletChecks", dependencies: ["MartletSchema", "MartletDescriptors"], swiftSettings: settings),
        .executableTarget(name: "martlet-generate", dependencies: ["MartletCodegen"], swiftSettings: settings),
        .executableTarget(name: "protoc-gen-martlet", dependencies: ["MartletCodegen"], swiftSettings: settings),
        .executableTarget(
            name: "martlet-cli",
            dependencies: [
                "MartletChecks", "MartletCodegen", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        .plugin(name: "MartletGenerator", capability: .buildTool(), dependencies: ["martlet-generate"]),
        .plugin(
            name: "MartletGenerateCommand",
            capability: .command(
                intent: .custom(
                    verb: "martlet-generate", description: "Write the Swift code of .proto files into the source tree."),
                permissions: [
                    .writeToPackageDirectory(reason: "The generated files become part of the package's sources.")
                ]),
            dependencies: ["martlet-generate"]),

        // Names of servers.
        .systemLibrary(
            name: "CCares", pkgConfig: "libcares", providers: [.apt(["libc-ares-dev"]), .brew(["c-ares"])]),

        // Wires, sockets, calls.
        .systemLibrary(
            name: "CNghttp2", pkgConfig: "libnghttp2",
            providers: [.apt(["libnghttp2-dev"]), .brew(["libnghttp2"])]),
        .target(
            name: "MartletWire",
            dependencies: ["MartletCore", "CNghttp2", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: runtimeSettings),
        .target(
            name: "MartletTransport",
            dependencies: [
                "MartletCompression", "MartletCore", "MartletWire",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], swiftSettings: runtimeSettings),
        .target(
            name: "MartletServer",
            dependencies: [
                "MartletCore", "MartletTransport", "MartletWire",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], swiftSettings: runtimeSettings),
        // Health and reflection, with no privilege that a user's service lacks.
        .target(
            name: "MartletServices",
            dependencies: [
                "MartletCore", "MartletDescriptors", "MartletMessages", .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: settings),
        .target(
            name: "MartletClient",
            dependencies: [
                "CCares", "MartletCore", "MartletMessages", "MartletServices", "MartletTransport", "MartletWire",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], swiftSettings: runtimeSettings),
        // How servers make themselves known, and channels find them.
        .target(
            name: "MartletDiscovery",
            dependencies: [
                "MartletClient", "MartletCore", "MartletMessages", "MartletServer", "MartletServices",
                "MartletTransport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], swiftSettings: settings),
        .target(
            name: "MartletEtcd",
            dependencies: [
                "MartletClient", "MartletCore", "MartletDiscovery", "MartletMessages", "MartletTransport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], swiftSettings: settings),
        .target(
            name: "Martlet",
            // Descriptors: generated code of files with custom options imports them.
            dependencies: [
                "MartletCore", "MartletMessages", "MartletDescriptors", "MartletTransport", "MartletServer",
                "MartletClient", "MartletServices", "MartletDiscovery",
            ],
            swiftSettings: settings),

        .target(
            name: "MartletTLS",
            dependencies: [
                "MartletCore", "MartletTransport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ], swiftSettings: settings),

        // Logs, metrics and traces of calls.
        .target(
            name: "MartletObservability",
            dependencies: [
                "MartletClient", "MartletCore", "MartletServer",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ], swiftSettings: settings),

        // For tests, ours and users'.
        .target(
            name: "MartletTesting",
            dependencies: [
                "Martlet", "MartletCore", "MartletTransport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], swiftSettings: settings),

        .testTarget(name: "MartletCoreTests", dependencies: ["MartletCore"], swiftSettings: settings),
        .testTarget(
            name: "MartletCompressionTests", dependencies: ["MartletCompression", "MartletCore"],
            swiftSettings: settings),
        .testTarget(
            name: "MartletMessagesTests", dependencies: ["MartletMessages", "MartletCore"], swiftSettings: settings),
        .testTarget(
            name: "MartletFoundationTests", dependencies: ["MartletFoundation", "MartletMessages"],
            swiftSettings: settings),
        .testTarget(
            name: "MartletSchemaTests", dependencies: ["MartletSchema", "MartletDescriptors"], exclude: ["Verdicts"],
            swiftSettings: settings),
        .testTarget(
            name: "MartletCodegenTests",
            dependencies: [
                "MartletCodegen", "MartletDescriptors", "MartletMessages", "MartletSchema", "martlet-cli",
                "martlet-generate", "protoc-gen-martlet",
            ],
            exclude: ["Golden"], swiftSettings: settings),
        .testTarget(
            name: "MartletChecksTests",
            dependencies: ["MartletChecks", "MartletDescriptors", "MartletMessages", "MartletSchema", "martlet-cli"],
            swiftSettings: settings),
        .testTarget(
            name: "MartletWireTests",
            dependencies: [
                "CNghttp2", "MartletWire", "MartletCore", "MartletMessages",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "MartletTransportTests",
            dependencies: [
                "MartletTransport", "MartletCore", "MartletWire", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], swiftSettings: settings),
        .testTarget(
            name: "MartletClientTests", dependencies: ["MartletClient", "MartletCore", "MartletTransport"],
            swiftSettings: settings),
        .testTarget(
            name: "MartletBalancingTests",
            dependencies: [
                "Martlet", "MartletClient", "MartletCore", "MartletServer", "MartletTesting", "MartletTransport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], swiftSettings: settings),
        .testTarget(
            name: "MartletServicesTests",
            dependencies: [
                "MartletServices", "Martlet", "MartletDescriptors", "MartletMessages", "MartletTesting",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "MartletDiscoveryTests",
            dependencies: [
                "MartletDiscovery", "Martlet", "MartletTesting", "MartletTransport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings),
        // With etcd itself on the other side.
        .testTarget(
            name: "MartletEtcdTests",
            dependencies: [
                "MartletEtcd", "Martlet", "MartletTLS", "MartletTransport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings),
        // One list of calls for every wire and transport.
        .testTarget(
            name: "MartletScenarioTests",
            dependencies: ["Martlet", "MartletTLS", "MartletTesting", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings),
        .testTarget(
            name: "MartletObservabilityTests",
            dependencies: [
                "MartletObservability", "Martlet", "MartletTesting",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: settings),
        // Other implementations of gRPC and HTTP/2 on the other side.
        .testTarget(
            name: "MartletGRPCTests",
            dependencies: [
                "Martlet", "MartletTLS", .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings),
        // What goes wrong on purpose, in seconds; `make soak` takes longer.
        .target(name: "MartletFaultKit", dependencies: ["Martlet"], path: "Tests/FaultKit", swiftSettings: settings),
        .executableTarget(
            name: "fault-peer",
            dependencies: ["Martlet", "MartletFaultKit", .product(name: "Logging", package: "swift-log")],
            path: "Tests/FaultPeer", swiftSettings: settings),
        .testTarget(
            name: "MartletFaultTests",
            dependencies: [
                "Martlet", "MartletFaultKit", "fault-peer", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "MartletTestingTests",
            dependencies: ["MartletTesting", "Martlet"], swiftSettings: settings),
        .testTarget(
            name: "MartletTLSTests",
            dependencies: ["MartletTLS", "MartletTesting", "Martlet", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings),
        .testTarget(
            name: "MartletTests",
            dependencies: [
                "Martlet", "MartletTesting", "MartletTransport", "MartletWire",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
