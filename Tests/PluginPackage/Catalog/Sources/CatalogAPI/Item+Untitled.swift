extension Item {
    public static let untitled = Item(title: "Untitled")
}
