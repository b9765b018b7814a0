// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + (Context.environment["MARTLET_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

let martlet: Target.Dependency = .product(name: "Martlet", package: "martlet")
let etcd: Target.Dependency = .product(name: "MartletEtcd", package: "martlet")
let testing: Target.Dependency = .product(name: "MartletTesting", package: "martlet")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "user-service",
    platforms: [.macOS("26.0")],
    dependencies: [
        .package(name: "martlet", path: "../.."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // The messages, service protocols and clients, generated from the `.proto` files of the target.
        .target(
            name: "UserAPI", dependencies: [martlet], swiftSettings: settings,
            plugins: [.plugin(name: "MartletGenerator", package: "martlet")]),

        // What stands in for UserService in tests, generated too.
        .target(
            name: "UserAPIDoubles", dependencies: ["UserAPI", martlet, testing], swiftSettings: settings,
            plugins: [.plugin(name: "MartletGenerator", package: "martlet")]),

        // What the service is about, without a word about RPC.
        .target(name: "UserDomain", dependencies: [grdb, logging], swiftSettings: settings),

        // What the two servers have in common.
        .target(name: "ServiceSupport", dependencies: [martlet, etcd, arguments, logging], swiftSettings: settings),
        .executableTarget(
            name: "UserServer",
            dependencies: ["ServiceSupport", "UserAPI", "UserDomain", martlet, arguments, logging],
            swiftSettings: settings),
        .executableTarget(
            name: "SignupServer", dependencies: ["ServiceSupport", "UserAPI", martlet, arguments, logging],
            swiftSettings: settings),
        .executableTarget(name: "UserClient", dependencies: ["UserAPI", martlet, arguments], swiftSettings: settings),

        // What `make run` shows.
        .executableTarget(
            name: "Story", dependencies: ["ProcessSupport", "TestSupport", "UserAPI", martlet],
            swiftSettings: settings),

        // What `make examples` shows.
        .executableTarget(
            name: "Fleet",
            dependencies: [
                "ProcessSupport", "TestSupport", "UserAPI", martlet, etcd, testing, arguments, logging,
            ],
            swiftSettings: settings),

        // Services as processes, for the two.
        .target(name: "ProcessSupport", swiftSettings: settings),

        .target(name: "TestSupport", dependencies: [grdb], swiftSettings: settings),

        .testTarget(
            name: "UserDomainTests", dependencies: ["TestSupport", "UserDomain", grdb], swiftSettings: settings),
        .testTarget(
            name: "ServiceTests",
            dependencies: [
                "SignupServer", "TestSupport", "UserAPI", "UserAPIDoubles", "UserDomain", "UserServer", martlet,
                testing,
                logging,
            ],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
