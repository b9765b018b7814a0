import Martlet
import Testing

@testable import MartletEtcd

/// Where instances are in etcd, and what is none.
@Suite struct EtcdKeysTests {
    private let keys = EtcdKeys(prefix: "/martlet/services/")

    private func pair(_ key: String, _ value: String) -> EtcdStore.KeyValue {
        .init(key: Array(key.utf8), value: Array(value.utf8))
    }

    @Test func aKeyHasTheServiceAndTheId() {
        #expect(String(decoding: keys.key(of: .test("i-1")), as: UTF8.self) == "/martlet/services/users/i-1")
        #expect(String(decoding: EtcdKeys(prefix: "a").key(of: .test("i-1")), as: UTF8.self) == "a/users/i-1")
        let range = keys.range(of: "users")
        #expect(String(decoding: range.first, as: UTF8.self) == "/martlet/services/users/")
        #expect(String(decoding: range.end, as: UTF8.self) == "/martlet/services/users0")
    }

    @Test func anInstanceIsWhatItsKeySays() throws {
        let json = try ServiceInstance.test("i-1").json()
        #expect(keys.instance(pair("/martlet/services/users/i-1", json), of: "users") == .test("i-1"))
    }

    @Test(arguments: [
        "/martlet/services/users/i-2", "/martlet/services/users/", "/martlet/services/users/i-1/more",
        "/martlet/services/orders/i-1", "/elsewhere/users/i-1",
    ])
    func whatIsAtTheWrongPlaceIsNone(_ key: String) throws {
        let json = try ServiceInstance.test("i-1").json()
        #expect(keys.instance(pair(key, json), of: "users") == nil)
    }

    @Test(arguments: ["", "{}", "\u{0}", "10.0.0.7:7000"]) func whatIsNoInstanceIsNone(_ value: String) {
        #expect(keys.instance(pair("/martlet/services/users/i-1", value), of: "users") == nil)
    }
}
