// swift-tools-version: 6.2
import Foundation
import PackageDescription

let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (Context.environment["MARTLET_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

let martlet: Target.Dependency = .product(name: "Martlet", package: "martlet")
let tls: Target.Dependency = .product(name: "MartletTLS", package: "martlet")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

// The messages aren't part of this repository: `run.sh` and `interop.sh` generate them, or leave the programs out. They
// build with `--manifest-cache none`, since SwiftPM doesn't see that a file has come.
func hasMessages(_ target: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/Sources/\(target)/Generated")
}

let protobuf: [Target] = [
    .executableTarget(
        name: "protobuf-testee", dependencies: [.product(name: "MartletMessages", package: "martlet")],
        swiftSettings: settings)
]

let interop: [Target] = [
    // The service of gRPC's interoperability tests and what its clients expect of it.
    .target(name: "Interop", dependencies: [martlet], swiftSettings: settings),
    .executableTarget(
        name: "interop-server", dependencies: ["Interop", martlet, tls, arguments, logging], swiftSettings: settings),
    .executableTarget(
        name: "interop-client", dependencies: ["Interop", martlet, tls, arguments, logging], swiftSettings: settings),
]

let targets = (hasMessages("protobuf-testee") ? protobuf : []) + (hasMessages("Interop") ? interop : [])

let package = Package(
    name: "conformance",
    platforms: [.macOS("26.0")],
    products: targets.filter { $0.type == .executable }.map { .executable(name: $0.name, targets: [$0.name]) },
    dependencies: [
        .package(name: "martlet", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: targets,
    swiftLanguageModes: [.v6]
)
