// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// The same messages three times, from Protos/benchmarks/messages/v1/messages.proto: Martlet's code is made by
// scripts/generate.sh; protoc-gen-swift 1.39.0 made SwiftProtobufShapes (`--swift_opt=Visibility=Public`), and
// protoc-c 1.4.1 made CShapes, from the file without the word `optional`, which it doesn't know.
let package = Package(
    name: "message-benchmarks",
    platforms: [.macOS("26.0")],
    dependencies: [
        .package(name: "martlet", path: "../.."),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
    ],
    targets: [
        .target(
            name: "MartletShapes", dependencies: [.product(name: "MartletMessages", package: "martlet")],
            swiftSettings: settings),
        .target(
            name: "SwiftProtobufShapes", dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")]),
        .target(name: "CShapes", linkerSettings: [.linkedLibrary("protobuf-c")]),
        .executableTarget(
            name: "message-bench",
            dependencies: [
                "CShapes", "MartletShapes", "SwiftProtobufShapes",
                .product(name: "MartletMessages", package: "martlet"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
