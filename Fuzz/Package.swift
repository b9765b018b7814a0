// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
let sanitizers: SwiftSetting = .unsafeFlags(["-sanitize=fuzzer,address"])

// Martlet's modules are links to their sources, so that they are built with the sanitizers and their `package`
// declarations can be used.
let package = Package(
    name: "fuzz",
    platforms: [.macOS("26.0")],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2")
    ],
    targets: [
        .target(name: "MartletCore", swiftSettings: settings + [sanitizers]),
        .target(
            name: "MartletWire", dependencies: ["MartletCore", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: settings + [sanitizers]),
        .executableTarget(
            name: "WireFuzzer",
            dependencies: ["MartletCore", "MartletWire", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: settings + [sanitizers],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
    ],
    swiftLanguageModes: [.v6]
)
