extension Shelf {
    /// Generated types belong to no actor, though everything else in this module belongs to the main one.
    public nonisolated var count: Int { greetings.count }
}
