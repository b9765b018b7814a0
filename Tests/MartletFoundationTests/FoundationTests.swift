import Foundation
import MartletFoundation
import MartletMessages
import Testing

struct FoundationTests {
    @Test(arguments: [
        (0.0, GoogleProtobuf.Timestamp()), (1.5, GoogleProtobuf.Timestamp(seconds: 1, nanos: 500_000_000)),
        (-0.25, GoogleProtobuf.Timestamp(seconds: -1, nanos: 750_000_000)),
        (1_767_225_600.0, GoogleProtobuf.Timestamp(seconds: 1_767_225_600)),
    ])
    func datesAreTimestamps(seconds: Double, timestamp: GoogleProtobuf.Timestamp) {
        let date = Date(timeIntervalSince1970: seconds)
        #expect(GoogleProtobuf.Timestamp(date) == timestamp)
        #expect(Date(timestamp) == date)
    }

    @Test func dataHoldsMessages() throws {
        let message = GoogleRPC.Help.Link(description: "x", url: "https://example.com/")
        let bytes = try message.serializedData()
        #expect(try Array(bytes) == message.serialized())
        #expect(try GoogleRPC.Help.Link(serialized: bytes) == message)
        #expect(try GoogleRPC.Help.Link(jsonData: message.jsonData()) == message)
        #expect(try GoogleRPC.Help().serializedData().isEmpty)
        #expect(throws: DecodingError.self) { try GoogleRPC.Help(serialized: Data([0x0A])) }
        #expect(throws: JSONDecodingError.self) { try GoogleRPC.Help(jsonData: Data()) }
    }
}
