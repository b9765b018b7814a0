import MartletCore
import Testing

@testable import MartletClient

@Suite struct ServiceConfigTests {
    @Test func readsGRPCsJSON() throws {
        let config = try ServiceConfig(
            json: """
                {
                  "loadBalancingConfig": [
                    {"grpclb": {"childPolicy": [{"pick_first": {}}]}},
                    {"ring_hash_experimental": {"minRingSize": 10, "requestHashHeader": "user"}},
                    {"round_robin": {}}
                  ],
                  "methodConfig": [
                    {
                      "name": [{"service": "a.A"}, {"service": "a.B", "method": "Get"}],
                      "waitForReady": true, "timeout": "1.5s",
                      "maxRequestMessageBytes": 100, "maxResponseMessageBytes": 200,
                      "retryPolicy": {
                        "maxAttempts": 4, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2,
                        "retryableStatusCodes": ["UNAVAILABLE", 10]
                      }
                    },
                    {
                      "name": [{}],
                      "hedgingPolicy": {"maxAttempts": 3, "hedgingDelay": "0.5s", "nonFatalStatusCodes": ["INTERNAL"]},
                      "somethingNew": [1, 2]
                    }
                  ],
                  "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
                  "healthCheckConfig": {"serviceName": "a.A"}
                }
                """)
        #expect(config.policy == .ringHash(key: "user", ringSizes: 10...4096))
        #expect(config.healthCheckService == "a.A")
        #expect(config.retryThrottling?.maxTokens == 10)
        func method(_ service: String, _ name: String) -> MethodConfig? {
            config[MethodDescriptor(service: service, name: name, shape: .unary)]
        }
        let special = try #require(method("a.A", "Anything"))
        #expect(special.waitsForReady == true && special.timeout == .milliseconds(1500))
        #expect(special.maxRequestBytes == 100 && special.maxResponseBytes == 200)
        #expect(
            special.repetition
                == .retry(
                    RetryPolicy(
                        maxAttempts: 4, initialBackoff: .milliseconds(100), maxBackoff: .seconds(1),
                        backoffMultiplier: 2, retryableCodes: [.unavailable, .aborted])))
        #expect(method("a.B", "Get") == special)
        let general = HedgingPolicy(maxAttempts: 3, delay: .milliseconds(500), nonFatalCodes: [.internalError])
        #expect(method("a.B", "Put")?.repetition == .hedge(general))
    }

    @Test(arguments: [
        ("{", "line 1, column 2"),
        (#"{"methodConfig": [{"name": [{}], "timeout": 3}]}"#, "methodConfig[0].timeout"),
        (#"{"methodConfig": [{"name": [{"method": "Get"}]}]}"#, "the method Get is named without its service"),
        (#"{"methodConfig": [{"name": [{"service": "a"}, {"service": "a"}]}]}"#, "a has two entries"),
        (
            #"{"methodConfig": [{"name": [{}], "timeout": "0s"}]}"#,
            "all methods: the timeout is 0.0 seconds, not above zero"
        ),
        (
            #"{"methodConfig": [{"name": [{}], "retryPolicy": {"maxAttempts": 1}}]}"#,
            "retries need 2 attempts or more, not 1"
        ),
        (
            #"{"methodConfig": [{"name": [{}], "retryPolicy": {"maxAttempts": 2}}]}"#,
            "the backoffs of retries must be above zero"
        ),
        (
            #"{"methodConfig": [{"name": [{}], "retryPolicy": {"maxAttempts": 2, "initialBackoff": "1s", "maxBackoff": "1s", "backoffMultiplier": 1}}]}"#,
            "retries need at least one retryable code"
        ),
        (
            #"{"methodConfig": [{"name": [{}], "hedgingPolicy": {"maxAttempts": 1}}]}"#,
            "hedging needs 2 attempts or more"
        ),
        (#"{"retryThrottling": {"maxTokens": 2000, "tokenRatio": 1}}"#, "from 1 to 1,000 tokens"),
        (#"{"loadBalancingConfig": [{"ring_hash_experimental": {}}]}"#, "ringHash needs the name of a metadata key"),
    ])
    func saysWhatIsWrong(json: String, what: String) throws {
        let error = try #require(throws: RPCError.self) { try ServiceConfig(json: json) }
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains(what), "\(error.message)")
    }

    @Test func aChannelRefusesAConfigThatCannotBe() throws {
        var configuration = ChannelConfiguration()
        var method = MethodConfig()
        method.repetition = .retry(RetryPolicy(retryableCodes: []))
        configuration.serviceConfig = ServiceConfig()
        configuration.serviceConfig?.methods[.service("a.A")] = method
        for target in ["tcp://h:1", "tcp://h:1,i:1"] {
            let error = try #require(throws: RPCError.self) {
                try ClientChannel(target, configuration: configuration)
            }
            #expect(error.message == "service config: a.A: retries need at least one retryable code")
        }
    }

    @Test func tokensRunOutAndComeBack() {
        let throttle = RetryThrottle(RetryThrottling(maxTokens: 4, tokenRatio: 0.5))
        #expect(throttle.allowsRetries)
        throttle.callFailed()
        #expect(throttle.allowsRetries)
        throttle.callFailed()
        // Half is not more than half.
        #expect(!throttle.allowsRetries)
        throttle.callSucceeded()
        #expect(throttle.allowsRetries)
        for _ in 0..<100 { throttle.callFailed() }
        for _ in 0..<4 { throttle.callSucceeded() }
        #expect(!throttle.allowsRetries)
        throttle.callSucceeded()
        #expect(throttle.allowsRetries)
    }
}
