import MartletCore
import Testing

@Suite struct MetadataTests {
    @Test func keysAreLowercased() {
        let metadata: Metadata = ["X-Request-ID": "7"]
        #expect(metadata["x-request-id"] == "7")
        #expect(metadata.fields.map(\.key) == ["x-request-id"])
    }

    @Test func aKeyMayOccurMoreThanOnce() {
        var metadata: Metadata = ["a": "1", "b": "2"]
        metadata.append("3", for: "A")
        #expect(metadata.values(for: "a") == ["1", "3"])
        #expect(metadata["a"] == "3")
        metadata["a"] = "4"
        #expect(metadata.fields.map(\.value) == ["2", "4"])
        metadata["a"] = nil
        #expect(metadata.fields.map(\.key) == ["b"])
    }

    @Test(arguments: [("with space", "v"), ("", "v"), ("ключ", "v"), ("key", "line\nbreak"), ("key", "é")])
    func whatNoWireCanCarryIsNamed(key: String, value: String) throws {
        var metadata = Metadata()
        metadata.append(value, for: key)
        let error = try #require(throws: RPCError.self) { try metadata.validate() }
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains("\"\(key)\""))
    }

    @Test func ordinaryFieldsAreValid() throws {
        let metadata: Metadata = ["authorization": "Bearer abc.def", "x_y-z.0": " ~"]
        try metadata.validate()
    }

    @Test func bytesAreUnpaddedBase64() throws {
        var metadata: Metadata = ["trace-bin": "q6s="]
        #expect(metadata.bytes(for: "Trace-Bin") == [0xAB, 0xAB])
        metadata.setBytes([0xAB, 0xAB, 0xAB, 0xFF], for: "Trace-Bin")
        #expect(metadata.fields.map(\.key) == ["trace-bin"])
        #expect(metadata["trace-bin"] == "q6ur/w")
        metadata.appendBytes([], for: "trace-bin")
        metadata.append("not base64", for: "trace-bin")
        #expect(metadata.allBytes(for: "trace-bin") == [[0xAB, 0xAB, 0xAB, 0xFF], []])
        #expect(metadata.bytes(for: "trace-bin") == nil)
        #expect(metadata.bytes(for: "other-bin") == nil)
        try metadata.validate()
        metadata.setBytes(nil, for: "trace-bin")
        #expect(metadata.isEmpty)
    }
}
