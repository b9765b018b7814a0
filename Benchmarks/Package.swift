// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "benchmarks",
    platforms: [.macOS("26.0")],
    traits: [
        // BoringSSL takes as long to build as all the rest: `swift build --traits TLS` for who wants it.
        .trait(name: "TLS", description: "Adds the option --tls to martlet-bench.")
    ],
    dependencies: [
        .package(name: "martlet", path: ".."),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .target(
            name: "BenchmarkAPI", dependencies: [.product(name: "Martlet", package: "martlet")],
            plugins: [.plugin(name: "MartletGenerator", package: "martlet")]),
        .executableTarget(
            name: "martlet-bench",
            dependencies: [
                "BenchmarkAPI",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Martlet", package: "martlet"),
                .product(name: "MartletObservability", package: "martlet"),
                .product(name: "MartletTLS", package: "martlet", condition: .when(traits: ["TLS"])),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]),
        .executableTarget(
            name: "small-server", dependencies: ["BenchmarkAPI", .product(name: "Martlet", package: "martlet")]),
        .executableTarget(name: "floor"),
    ],
    swiftLanguageModes: [.v6]
)
