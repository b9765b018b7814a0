// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags(["-sanitize=fuzzer,address"]),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: ["FuzzDriver"] + dependencies, swiftSettings: settings,
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])])
}

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")

// Martlet's modules are links to their sources, so that they are built with the sanitizers and their `package`
// declarations can be used. The properties are linked into the tests, which replay what the fuzzers found.
let package = Package(
    name: "fuzz",
    platforms: [.macOS("26.0")],
    dependencies: [.package(url: "https://github.com/apple/swift-nio", from: "2.101.2")],
    targets: [
        module("MartletCore"),
        .systemLibrary(name: "CProtobufC", pkgConfig: "libprotobuf-c"),
        module("MartletMessages", ["MartletCore", "CProtobufC"]),
        module("MartletDescriptors", ["MartletMessages"]),
        module("MartletSchema", ["MartletDescriptors"]),
        module("MartletCodegen", ["MartletSchema", "MartletDescriptors"]),
        .systemLibrary(name: "CNghttp2", pkgConfig: "libnghttp2"),
        module("MartletWire", ["MartletCore", "CNghttp2", nioCore]),

        module("FuzzDriver"),
        module("TestMessages", ["MartletMessages"]),
        module("MessageProperties", ["MartletMessages", "TestMessages"]),
        module("SchemaProperties", ["MartletCodegen", "MartletSchema", "MartletDescriptors", "MartletMessages"]),
        module("WireProperties", ["MartletCore", "MartletWire", nioCore]),
        fuzzer("WireFuzzer", ["MartletCore", "MartletWire", nioCore]),
        fuzzer("HTTP1Fuzzer", ["MartletCore", "MartletWire", nioCore]),
        fuzzer("HTTP2Fuzzer", ["WireProperties"]),
        fuzzer("GRPCFuzzer", ["WireProperties"]),
        fuzzer("MessageFuzzer", ["MessageProperties"]),
        fuzzer("ParserFuzzer", ["MessageProperties"]),
        fuzzer("JSONFuzzer", ["MessageProperties"]),
        fuzzer("SchemaFuzzer", ["SchemaProperties"]),
    ],
    swiftLanguageModes: [.v6]
)
