import Martlet
import Testing

@testable import MartletDiscovery

/// What registries keep of an instance, and what they refuse.
@Suite struct ServiceInstanceTests {
    @Test func itsJSONHasTheFieldsThatAreSet() async throws {
        let plain = try ServiceInstance.test("i-1").json()
        let address = #""addresses":["tcp://10.0.0.7:7000"]"#
        #expect(plain == #"{"id":"i-1","service":"users",\#(address),"weight":1,"health":"HEALTH_SERVING"}"#)
        let full = ServiceInstance(
            service: "users", id: "i-1", addresses: [.tcp("::1", 7000), .unix("/run/users.sock")], weight: 5,
            zone: "eu-west-1a", version: "1.4.0", tags: ["canary", "b"], wire: .grpc, health: .notServing)
        let json = try full.json()
        let expected = [
            #""id":"i-1","service":"users","addresses":["tcp://[::1]:7000","unix:/run/users.sock"],"weight":5"#,
            #""zone":"eu-west-1a","version":"1.4.0","tags":["canary","b"],"wire":"grpc""#,
            #""health":"HEALTH_NOT_SERVING""#,
        ]
        #expect(json == "{\(expected.joined(separator: ","))}")
        #expect(try ServiceInstance(json: json) == full)
    }

    @Test func whatNewerVersionsSayIsPassedOver() throws {
        let instance = try ServiceInstance(
            json: #"{"id":"i-1","service":"users","addresses":["quic://a:1","tcp://10.0.0.7:7000"],"color":{"a":1}}"#)
        #expect(instance == .test("i-1"))
    }

    @Test(arguments: [
        (#"{"id":"i-1","service":"users"}"#, "it has 0 addresses"),
        (#"{"id":"i-1","service":"users","addresses":["quic://a:1"]}"#, "it has 0 addresses"),
        (#"{"id":"i-1","service":"users","addresses":["tcp://a:1"],"wire":"smoke"}"#, "speaks \"smoke\""),
        (#"{"id":"","service":"users","addresses":["tcp://a:1"]}"#, "the id \"\""),
        (#"{"id":7"#, "can't be read"), ("[]", "can't be read"), ("", "can't be read"),
    ])
    func jsonThatIsNoInstanceIsRefused(_ json: String, _ what: String) throws {
        let error = try #require(throws: RPCError.self) { try ServiceInstance(json: json) }
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains(what), "got: \(error.message)")
    }

    private static let wrong: [(ServiceInstance, String)] = [
        (.test("i-1", service: ""), "the service's name \"\""), (.test("i/1"), "the id \"i/1\""),
        (.test("i 1"), "the id \"i 1\""), (.test(String(repeating: "x", count: 201)), "isn't 1 to 200"),
        (.test("i-1") { $0.tags = [""] }, "the tag \"\""), (.test("i-1") { $0.zone = "ä" }, "the zone \"ä\""),
        (.test("i-1") { $0.addresses = [] }, "it has 0 addresses; give it from 1 to 16"),
        (.test("i-1") { $0.weight = 0 }, "the weight 0 isn't from 1"),
        (.test("i-1") { $0.tags = Array(repeating: "x", count: 65) }, "it has 65 tags; give it at most 64"),
    ]

    @Test(arguments: wrong.indices) func whatNoRegistryTakesIsRefused(_ index: Int) throws {
        let (instance, what) = Self.wrong[index]
        let error = try #require(throws: RPCError.self) { try instance.validate() }
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains(what), "got: \(error.message)")
    }

    @Test func idsByChanceDiffer() {
        let ids = Set((0..<1000).map { _ in ServiceInstance.newID() })
        #expect(ids.count == 1000)
        #expect(ids.allSatisfy { $0.count == 16 })
    }

    @Test func aSnapshotTakesChangesInAnyOrderAndTwice() {
        var snapshot = ServiceSnapshot(service: "users", instances: [.test("c"), .test("a")], revision: 1)
        #expect(snapshot.instances.map(\.id) == ["a", "c"])
        for _ in 0..<2 {
            snapshot.apply(
                .changes(
                    [
                        .put(.test("d")), .put(.test("b")), .put(.test("a", port: 7001)), .removed(id: "c"),
                        .removed(id: "x"),
                    ],
                    revision: 5))
            #expect(snapshot.instances.map(\.id) == ["a", "b", "d"])
            #expect(snapshot.instances[0].addresses == [.tcp("10.0.0.7", 7001)])
            #expect(snapshot.revision == 5)
        }
        let other = ServiceSnapshot(service: "users", instances: [.test("z")], revision: 2)
        snapshot.apply(.snapshot(other))
        #expect(snapshot == other)
    }
}
