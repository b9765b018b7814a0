internal import MartletCore

/// Finds a method by the bytes of its name without making strings.
package struct MethodIndex: Sendable {
    /// The names must differ.
    package init(_ names: [(service: String, method: String)]) {
        fatalError()
    }

    /// The position in `names` of the method that a request is for; nil if there is none.
    package func position(of request: borrowing NativeRequest) -> Int? {
        fatalError()
    }
}
