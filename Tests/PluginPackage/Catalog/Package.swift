// swift-tools-version: 6.2
import PackageDescription

// A package whose messages others import.
let package = Package(
    name: "Catalog",
    platforms: [.macOS("26.0")],
    products: [.library(name: "CatalogAPI", targets: ["CatalogAPI"])],
    dependencies: [.package(name: "martlet", path: "../../..")],
    targets: [
        .target(
            name: "CatalogAPI",
            dependencies: [.product(name: "MartletMessages", package: "martlet")],
            plugins: [.plugin(name: "MartletGenerator", package: "martlet")])
    ]
)
