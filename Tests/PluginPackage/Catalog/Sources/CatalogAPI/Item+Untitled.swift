extension CatalogV1.Item {
    public static let untitled = Self(title: "Untitled")
}
