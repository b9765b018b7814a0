import Foundation
import Testing

/// What may serve and call streams, as the compiler sees it.
@Suite struct ConcurrencyTests {
    /// Compiles `source` beside the generated code of `Golden/streams`, as far as the compiler has anything to say.
    private func errors(_ source: String, flags: String) async throws -> String {
        try await withTemporaryDirectory { directory in
            try Data("import MartletMessages\n\(source)".utf8).write(to: directory.appending(path: "user.swift"))
            let expected = Places.tests.appending(path: "Golden/streams/expected/streams.martlet.swift").path
            let outcome = try await run(
                "swiftc",
                [
                    "-emit-sil", "-o", "user.sil", "-wmo", "-parse-as-library", "-warnings-as-errors",
                    "-module-name", "User", "-I", Places.products.appending(path: "Modules").path,
                    "-I", Places.repository.appending(path: "Sources/CProtobufC").path,
                ] + flags.split(separator: " ").map(String.init) + ["user.swift", expected], in: directory)
            return outcome.errors
        }
    }

    private static func service(_ head: String, _ attribute: String) -> String {
        """
        \(head) {
            \(attribute) func getReading(_ request: ListReadingsRequest, context: ServerContext) async throws -> Reading {
                last
            }
            \(attribute) func listReadings(
                _ request: ListReadingsRequest, to responses: MessageWriter<Reading>, context: ServerContext
            ) async throws {
                try await responses.write(last)
                try await responses.write(contentsOf: [last, last])
            }
            \(attribute) func recordReadings(
                _ requests: MessageStream<Reading>, context: ServerContext
            ) async throws -> RecordReadingsResponse {
                var count: Int64 = 0
                for try await _ in requests { count += 1 }
                return RecordReadingsResponse(count: count)
            }
            \(attribute) func watchReadings(
                _ requests: MessageStream<ListReadingsRequest>, to responses: MessageWriter<Reading>,
                context: ServerContext
            ) async throws {
                for try await request in requests { try await responses.write(Reading(sensor: request.sensor)) }
            }
            \(attribute) func fetchReadings(
                _ request: ListReadingsRequest, to responses: MessageWriter<Reading>, context: ServerContext
            ) async throws {
                try await listReadings(request, to: responses, context: context)
            }
            \(attribute) func storeReadings(
                _ requests: MessageStream<Reading>, context: ServerContext
            ) async throws -> GoogleProtobuf.Empty {
                for try await reading in requests { keep(reading) }
                return .init()
            }
        """
    }

    /// Their state needs a home that is safe, or none.
    private static let services = [
        service("nonisolated struct Value: ReadingService", "")
            + "\nlet last = Reading()\nfunc keep(_ reading: Reading) {}\n}",
        service("nonisolated final class Shared: ReadingService", "")
            + "\nlet last = Reading()\nfunc keep(_ reading: Reading) {}\n}",
        service("actor Store: ReadingService", "")
            + "\nvar last = Reading()\nfunc keep(_ reading: Reading) { last = reading }\n}",
        service("nonisolated final class Screen: ReadingService", "@MainActor")
            + "\n@MainActor var last = Reading()\n@MainActor func keep(_ reading: Reading) { last = reading }\n}",
    ]

    @Test(arguments: GoldenTests.compilerFlags)
    func serve(flags: String) async throws {
        #expect(try await errors(Self.services.joined(separator: "\n"), flags: flags) == "")
    }

    /// The main actor's state is at hand in closures and loops, and errors keep their type.
    private static let callers = """
        @MainActor final class Model {
            let readings: ReadingServiceClient
            var sensors: [String] = []
            var call: Call<ListReadingsRequest, Reading>?

            init(_ invoker: any CallInvoker) { readings = ReadingServiceClient(invoker) }

            func get() async throws(RPCError) { sensors.append(try await readings.getReading(.init()).sensor) }

            func list() async throws(RPCError) {
                for try await reading in readings.listReadings(.init(sensor: "a")) { sensors.append(reading.sensor) }
            }

            func record() async throws -> Int64 {
                let response = try await readings.recordReadings { requests in
                    for sensor in sensors { try await requests.write(Reading(sensor: sensor)) }
                    sensors.removeAll()
                }
                return response.count
            }

            func watch() async throws -> Int {
                try await readings.watchReadings(options: .timeout(.seconds(1))) { requests, responses in
                    for sensor in sensors { try await requests.write(.init(sensor: sensor)) }
                    requests.finish()
                    for try await reading in responses { sensors.append(reading.sensor) }
                    return sensors.count
                }
            }

            func watchSideBySide() async throws {
                try await readings.watchReadings { requests, responses in
                    async let writing: Void = requests.write(contentsOf: [.init(sensor: "a"), .init(sensor: "b")])
                    for try await reading in responses { sensors.append(reading.sensor) }
                    try await writing
                }
            }

            func begin() async throws(RPCError) -> Metadata {
                let call = readings.watchReadings()
                self.call = call
                try await call.requests.write(.init(sensor: "a"))
                return try await call.initialMetadata
            }

            func end() async throws(RPCError) -> Int64 {
                call?.requests.finish()
                let upload = readings.recordReadings(options: .timeout(.seconds(1)))
                try await upload.requests.write(Reading())
                upload.requests.finish()
                return try await upload.response().count
            }

            func metadata() async throws(RPCError) -> Metadata {
                let call = readings.invoker.start(ReadingServiceMethods.getReading, .init(), .default)
                _ = try await call.response()
                return try await call.trailingMetadata
            }
        }

        nonisolated func script(_ readings: ReadingServiceClient) throws -> [String] {
            var sensors = [try readings.blocking.getReading(.init()).sensor]
            try readings.blocking.listReadings(.init(), options: .timeout(.seconds(1))) { sensors.append($0.sensor) }
            return sensors
        }
        """

    @Test(arguments: GoldenTests.compilerFlags)
    func call(flags: String) async throws {
        #expect(try await errors(Self.callers, flags: flags) == "")
    }

    @Test(arguments: [
        (
            "func f(_ readings: ReadingServiceClient) async { _ = readings.blocking }",
            "'blocking' is unavailable from asynchronous contexts; await the client's own methods"
        ),
        (
            "func f(_ readings: ReadingServiceBlockingClient) async throws { try readings.listReadings(.init()) { _ in } }",
            "'listReadings' is unavailable from asynchronous contexts; await the client's own method"
        ),
        (
            "struct Half: IntakeService {}",
            "type 'Half' does not conform to protocol 'IntakeService'"
        ),
    ])
    func refused(body: String, expected: String) async throws {
        let errors = try await errors(body, flags: GoldenTests.compilerFlags[0])
        #expect(errors.contains(expected), "\(errors)")
    }
}
