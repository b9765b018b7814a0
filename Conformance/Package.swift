// swift-tools-version: 6.2
import Foundation
import PackageDescription

let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (Context.environment["MARTLET_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

// The suite's messages aren't part of this repository: `run.sh` generates them, or leaves the testee out.
let generated = "\(Context.packageDirectory)/Sources/protobuf-testee/Generated"
let hasMessages = FileManager.default.fileExists(atPath: generated)

let package = Package(
    name: "conformance",
    platforms: [.macOS("26.0")],
    products: hasMessages ? [.executable(name: "protobuf-testee", targets: ["protobuf-testee"])] : [],
    dependencies: [.package(name: "martlet", path: "..")],
    targets: hasMessages
        ? [
            .executableTarget(
                name: "protobuf-testee", dependencies: [.product(name: "MartletMessages", package: "martlet")],
                swiftSettings: settings)
        ] : [],
    swiftLanguageModes: [.v6]
)
