// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "benchmarks",
    platforms: [.macOS("26.0")],
    dependencies: [.package(name: "martlet", path: "..")],
    targets: [
        .target(
            name: "BenchmarkAPI", dependencies: [.product(name: "Martlet", package: "martlet")],
            plugins: [.plugin(name: "MartletGenerator", package: "martlet")]),
        .executableTarget(
            name: "martlet-bench",
            dependencies: ["BenchmarkAPI", .product(name: "Martlet", package: "martlet")]),
        .executableTarget(name: "floor"),
    ],
    swiftLanguageModes: [.v6]
)
