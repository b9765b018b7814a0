import MartletMessages
import Testing

/// What Swift code gets beside the fields of the well-known types.
struct WellKnownTests {
    @Test func anyPacksAndUnpacks() throws {
        let leaf = Leaf(name: "x", number: 1)
        let packed = try GoogleProtobuf.AnyMessage(packing: leaf)
        #expect(packed.typeUrl == "type.googleapis.com/martlet.testing.Leaf")
        #expect(packed.messageName == "martlet.testing.Leaf")
        #expect(packed.isA(Leaf.self) && !packed.isA(Tree.self))
        #expect(try packed.unpack(as: Leaf.self) == leaf)
        #expect(try packed.unpack(as: Tree.self) == nil)
        #expect(try packed.unpack(from: TypeRegistry([Leaf.self])) as? Leaf == leaf)
        #expect(try packed.unpack(from: .standard) == nil)
        let broken = GoogleProtobuf.AnyMessage(typeUrl: packed.typeUrl, value: [0x0A])
        #expect(throws: DecodingError.self) { try broken.unpack(as: Leaf.self) }
        #expect(throws: DecodingError.self) { try broken.unpack(from: TypeRegistry([Leaf.self])) }
        #expect(GoogleProtobuf.AnyMessage().messageName == nil)
    }

    @Test func registriesKnowTheFilesMessages() {
        let registry = TypeRegistry(files: [MartletTestingKindsProto.self])
        #expect(registry.messageType(named: "martlet.testing.Tree.Branch") == Tree.Branch.self)
        #expect(registry.messageType(named: "google.rpc.BadRequest.FieldViolation") != nil)
        #expect(registry.messageType(forTypeURL: "example.com/x/martlet.testing.Leaf") == Leaf.self)
        #expect(registry.messageType(forTypeURL: "martlet.testing.Leaf") == nil)
        #expect(registry.messageType(named: "martlet.testing.imported.Place") == Place.self)
        #expect(registry.messageType(named: "martlet.testing.imported.Nothing") == nil)
    }

    @Test func jsonValuesAreLiterals() throws {
        let name = "y"
        let object: GoogleProtobuf.Struct = ["a": [1, -2.5, "x\(name)", true, nil], "b": ["c": []]]
        #expect(try object.jsonString() == #"{"a":[1,-2.5,"xy",true,null],"b":{"c":[]}}"#)
        #expect(object["a"]?[0]?.number == 1)
        #expect(object["a"]?[2]?.string == "xy")
        #expect(object["a"]?[3]?.bool == true)
        #expect(object["a"]?[4]?.isNull == true)
        #expect(object["a"]?[5] == nil && object["a"]?[-1] == nil)
        #expect(object["b"]?["c"]?.list?.values == [])
        #expect(object["b"]?["d"] == nil && object["b"]?.object?.fields.count == 1 && object["c"] == nil)
        #expect(object["a"]?.object == nil && object["a"]?["x"] == nil && object["b"]?[0] == nil)
        var changed = object
        changed["a"] = GoogleProtobuf.Value(2)
        changed["b"] = nil
        #expect(changed == ["a": 2])
        var list: GoogleProtobuf.ListValue = [1, 2]
        list[1] = .null
        #expect(list == [1, nil])
        #expect(GoogleProtobuf.Value() != .null)
    }

    @Test func wrappersAreLiterals() {
        #expect((1.5 as GoogleProtobuf.DoubleValue).value == 1.5)
        #expect((1.5 as GoogleProtobuf.FloatValue).value == 1.5)
        #expect((-1 as GoogleProtobuf.Int64Value).value == -1)
        #expect((18_446_744_073_709_551_615 as GoogleProtobuf.UInt64Value).value == .max)
        #expect((-1 as GoogleProtobuf.Int32Value).value == -1)
        #expect((1 as GoogleProtobuf.UInt32Value).value == 1)
        #expect((true as GoogleProtobuf.BoolValue).value)
        #expect(("x\(1)" as GoogleProtobuf.StringValue).value == "x1")
        #expect(([1, 2] as GoogleProtobuf.BytesValue).value == [1, 2])
    }

    @Test func statusesAreErrors() throws {
        let error = RPCError(
            .invalidArgument, "wrong", details: ["email": "is empty"] as GoogleRPC.BadRequest,
            GoogleRPC.RetryInfo(after: .milliseconds(1500)))
        let status = GoogleRPC.Status(error)
        #expect(status.code == 3 && status.message == "wrong")
        #expect(
            try status.details.first?.unpack(as: GoogleRPC.BadRequest.self)?.fieldViolations.first?.field == "email")
        #expect(RPCError(status) == error)
        #expect(RPCError(GoogleRPC.Status()) == nil)
        #expect(RPCError(GoogleRPC.Status(code: 99))?.code == .unknown)
        #expect(error.retryDelay == .milliseconds(1500))
        #expect(RPCError(.aborted, "").retryDelay == nil)
        #expect(GoogleRPC.RetryInfo(after: .seconds(-1)).retryDelay == GoogleProtobuf.Duration())
        #expect(GoogleRPC.RetryInfo(after: .seconds(Int64.max)).retryDelay?.isValid == true)
    }

    @Test(arguments: StatusCode.allCases)
    func codesAreThoseOfGoogleRPC(code: StatusCode) {
        #expect(StatusCode(GoogleRPC.Code(code)) == code)
        #expect(GoogleRPC.Code(code).rawValue == code.rawValue)
        #expect(StatusCode(.unrecognized(99)) == .unknown)
    }
}
