/// Something is not as it should be.
public struct Surprise: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
