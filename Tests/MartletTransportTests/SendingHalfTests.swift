import MartletCore
import Testing

@testable import MartletTransport

struct SendingHalfTests {
    private final class Connection {}

    /// A writer that finds its call gone from one connection may come to it when the call is on the next already.
    @Test func theLastConnectionDoesNotHoldUpTheNext() throws {
        let last = Connection()
        let next = Connection()
        let half = SendingHalf(isFinished: false)
        half.place(on: ObjectIdentifier(last), isQueued: false)
        #expect(try half.mayGoOn())
        half.place(on: ObjectIdentifier(next), isQueued: false)
        half.unplace(from: ObjectIdentifier(last))
        #expect(try half.mayGoOn())
        half.unplace(from: ObjectIdentifier(next))
        #expect(try !half.mayGoOn())
    }
}
