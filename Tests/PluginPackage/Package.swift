// swift-tools-version: 6.2
import PackageDescription

// A user of the plugin. `MartletMessages` alone is enough for what is generated here, and builds faster.
let package = Package(
    name: "PluginPackage",
    platforms: [.macOS("26.0")],
    dependencies: [.package(name: "martlet", path: "../..")],
    targets: [
        .target(
            name: "GreetingAPI",
            dependencies: [.product(name: "MartletMessages", package: "martlet")],
            plugins: [.plugin(name: "MartletGenerator", package: "martlet")]),
        // Files outside of the target, another module's types, and the settings that generated code must bear.
        .target(
            name: "ShelfAPI",
            dependencies: ["GreetingAPI", .product(name: "MartletMessages", package: "martlet")],
            swiftSettings: [
                .defaultIsolation(MainActor.self), .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ],
            plugins: [.plugin(name: "MartletGenerator", package: "martlet")]),
        .testTarget(
            name: "PluginPackageTests",
            dependencies: ["GreetingAPI", "ShelfAPI", .product(name: "MartletMessages", package: "martlet")]),
    ]
)
