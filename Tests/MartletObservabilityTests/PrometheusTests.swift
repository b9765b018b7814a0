import CoreMetrics
import Martlet
import MartletObservability
import MartletTesting
import Testing

/// Metrics as Prometheus reads them.
@Suite(.timeLimit(.minutes(1))) struct PrometheusTests {
    private let metrics = PrometheusMetrics()

    /// The whole text but for what it always ends with.
    private func text(of metrics: PrometheusMetrics, dropped: Int = 0) throws -> String {
        let end = """
            # HELP martlet_metrics_dropped_series_total Series that are too many, or whose name belongs to another kind of metric.
            # TYPE martlet_metrics_dropped_series_total counter
            martlet_metrics_dropped_series_total \(dropped)

            """
        let text = metrics.text
        try #require(text.hasSuffix(end), "got: \(text)")
        return String(text.dropLast(end.count))
    }

    @Test func countersOnlyGrow() throws {
        let counter = Counter(label: "jobs.done", dimensions: [("queue", "mail")], factory: metrics)
        counter.increment(by: 41)
        counter.increment()
        counter.increment(by: -5)
        // The same again, by another name for it.
        Counter(label: "jobs_done_total", dimensions: [("queue", "mail")], factory: metrics).increment()
        let energy = FloatingPointCounter(label: "energy", factory: metrics)
        energy.increment(by: 0.25)
        energy.increment(by: 1.5)
        energy.increment(by: -1.0)
        energy.increment(by: Double.nan)
        #expect(
            try text(of: metrics) == """
                # HELP energy_total energy
                # TYPE energy_total counter
                energy_total 1.75
                # HELP jobs_done_total jobs.done
                # TYPE jobs_done_total counter
                jobs_done_total{queue="mail"} 43

                """)
        counter.reset()
        #expect(try text(of: metrics).contains("jobs_done_total{queue=\"mail\"} 0\n"))
    }

    @Test func metersAndSingleValuesAreGauges() throws {
        let meter = Meter(label: "pool.size", factory: metrics)
        meter.set(7)
        meter.increment(by: 1.5)
        meter.decrement()
        Gauge(label: "temperature", factory: metrics).record(-3)
        for (name, value) in [("a", Double.infinity), ("b", -.infinity), ("c", .nan), ("d", 1e300), ("e", 2.5e-10)] {
            Gauge(label: "odd", dimensions: [("is", name)], factory: metrics).record(value)
        }
        #expect(
            try text(of: metrics) == """
                # HELP odd odd
                # TYPE odd gauge
                odd{is="a"} +Inf
                odd{is="b"} -Inf
                odd{is="c"} NaN
                odd{is="d"} 1e+300
                odd{is="e"} 2.5e-10
                # HELP pool_size pool.size
                # TYPE pool_size gauge
                pool_size 7.5
                # HELP temperature temperature
                # TYPE temperature gauge
                temperature -3

                """)
    }

    @Test func timersAndRecordersAreHistograms() throws {
        var configuration = PrometheusMetrics.Configuration()
        configuration.timerBuckets = [0.005, 0.25, 1]
        configuration.recorderBuckets = [0, 10]
        let metrics = PrometheusMetrics(configuration: configuration)
        let timer = Timer(label: "query", dimensions: [("table", "users")], factory: metrics)
        for nanoseconds in [-1, 0, 5_000_000, 5_000_001, 250_000_000, 3_000_000_000] {
            timer.recordNanoseconds(nanoseconds)
        }
        let sizes = Recorder(label: "size", factory: metrics)
        for size in [-2.0, 0, 0.5, 11, .nan, .infinity] { sizes.record(size) }
        #expect(
            try text(of: metrics) == """
                # HELP query_seconds query
                # TYPE query_seconds histogram
                query_seconds_bucket{table="users",le="0.005"} 3
                query_seconds_bucket{table="users",le="0.25"} 5
                query_seconds_bucket{table="users",le="1"} 5
                query_seconds_bucket{table="users",le="+Inf"} 6
                query_seconds_sum{table="users"} 3.260000001
                query_seconds_count{table="users"} 6
                # HELP size size
                # TYPE size histogram
                size_bucket{le="0"} 2
                size_bucket{le="10"} 3
                size_bucket{le="+Inf"} 4
                size_sum 9.5
                size_count 4

                """)
    }

    @Test(arguments: [
        ("rpc.server.calls", "rpc_server_calls"), ("a-b c/d", "a_b_c_d"), ("9lives", "_9lives"), ("__own", "_own"),
        ("a..b", "a_b"), ("größe", "gr_e"), ("job:rate", "job_rate"), ("", "_"), ("Über", "_ber"),
    ])
    func namesAreMadeOfPrometheussLetters(label: String, name: String) throws {
        Meter(label: label, dimensions: [(label, "x")], factory: metrics).set(1)
        #expect(try text(of: metrics).contains("\n\(name){\(name)=\"x\"} 1\n"))
    }

    @Test func labelsAreEscapedAndHaveOneNameEach() throws {
        Meter(label: "m", dimensions: [("b", "quote \" slash \\ line\n end é"), ("a", "")], factory: metrics).set(1)
        // The same in another order is the same series.
        Meter(label: "m", dimensions: [("a", ""), ("b", "quote \" slash \\ line\n end é")], factory: metrics).set(2)
        Meter(label: "n", dimensions: [("x.y", "1"), ("x_y", "2")], factory: metrics).set(3)
        Recorder(label: "o\nwith \\ in \"it\"", dimensions: [("le", "mine")], factory: metrics).record(1)
        let text = try text(of: metrics)
        #expect(text.contains(#"m{a="",b="quote \" slash \\ line\n end é"} 2"# + "\n"))
        #expect(text.contains(#"n{x_y="1;2"} 3"# + "\n"))
        #expect(text.contains(#"# HELP o_with_in_it_ o\nwith \\ in "it""# + "\n"))
        #expect(text.contains(#"o_with_in_it__count{exported_le="mine"} 1"# + "\n"))
    }

    @Test func seriesAreBoundedInNumber() throws {
        var configuration = PrometheusMetrics.Configuration()
        configuration.maxSeries = 3
        let metrics = PrometheusMetrics(configuration: configuration)
        let counters = (0..<5).map { Counter(label: "c", dimensions: [("n", "\($0)")], factory: metrics) }
        for counter in counters { counter.increment() }
        #expect(
            try text(of: metrics, dropped: 2).split(separator: "\n").dropFirst(2) == [
                "c_total{n=\"0\"} 1", "c_total{n=\"1\"} 1", "c_total{n=\"2\"} 1",
            ])
        // Destroying one makes room.
        counters[1].destroy()
        Meter(label: "m", factory: metrics).set(1)
        #expect(try text(of: metrics, dropped: 2).hasSuffix("m 1\n"))
        for counter in [counters[0], counters[2], counters[4]] { counter.destroy() }
        #expect(try !text(of: metrics, dropped: 2).contains("c_total"))
    }

    /// Two metrics whose lines would have the same names can't both be told.
    @Test func aNameBelongsToOneKindOfMetric() throws {
        let recorder = Recorder(label: "x", factory: metrics)
        recorder.record(1)
        for label in ["x", "x.sum", "x.count", "x.bucket", "martlet.metrics.dropped.series.total"] {
            Meter(label: label, factory: metrics).set(1)
        }
        let text = try text(of: metrics, dropped: 5)
        #expect(text.hasPrefix("# HELP x x\n# TYPE x histogram\nx_bucket{le=\"0\"} 0\n"))
        #expect(text.hasSuffix("x_sum 1\nx_count 1\n"))
        recorder.destroy()
        Meter(label: "x.sum", factory: metrics).set(1)
        #expect(try self.text(of: metrics, dropped: 5) == "# HELP x_sum x.sum\n# TYPE x_sum gauge\nx_sum 1\n")
    }

    @Test func manyThreadsLoseNothing() async throws {
        let metrics = metrics
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for round in 0..<500 {
                        let dimensions = [("n", "\(round % 7)")]
                        Counter(label: "c", dimensions: dimensions, factory: metrics).increment()
                        Timer(label: "t", dimensions: dimensions, factory: metrics).recordNanoseconds(1_000_000)
                        let meter = Meter(label: "m", factory: metrics)
                        meter.increment(by: 2.5)
                        meter.decrement(by: 0.5)
                        if task == 0, round % 100 == 0 { _ = metrics.text }
                    }
                }
            }
        }
        let lines = try text(of: metrics).split(separator: "\n")
        func sum(_ prefix: String) -> Double {
            lines.filter { $0.hasPrefix(prefix) }.reduce(0) { $0 + Double($1.split(separator: " ").last!)! }
        }
        #expect(sum("c_total{") == 4000 && sum("t_seconds_count{") == 4000 && sum("m ") == 8000)
        #expect(abs(sum("t_seconds_sum{") - 4) < 1e-9)
    }

    // MARK: - Others read it

    @Test(
        .enabled(if: Program.python != nil, "Python's prometheus_client is missing: see Tests/Peers/requirements.txt"))
    func pythonReadsEveryKind() async throws {
        Counter(label: "c", dimensions: [("b", "quote \" slash \\ line\n end é"), ("a", "")], factory: metrics)
            .increment(by: 3)
        Meter(label: "größe", factory: metrics).set(1.5)
        Timer(label: "t", dimensions: [("table", "users")], factory: metrics).recordNanoseconds(20_000_000)
        Recorder(label: "r", factory: metrics).record(-1)
        let read = try await Program.parsed(metrics.text)
        func family(_ name: String) -> [String]? {
            read.first { $0["name"] as? String == name && $0["type"] != nil }
                .map { [$0["type"] as? String ?? "", $0["help"] as? String ?? ""] }
        }
        func value(_ name: String, _ labels: [String: String] = [:]) -> String? {
            read.first { $0["name"] as? String == name && $0["labels"] as? [String: String] == labels }?["value"]
                as? String
        }
        #expect(family("c") == ["counter", "c"] && family("gr_e") == ["gauge", "größe"])
        #expect(family("t_seconds") == ["histogram", "t"] && family("r") == ["histogram", "r"])
        #expect(value("c_total", ["a": "", "b": "quote \" slash \\ line\n end é"]) == "3.0")
        #expect(value("gr_e") == "1.5")
        #expect(value("t_seconds_bucket", ["table": "users", "le": "0.01"]) == "0.0")
        #expect(value("t_seconds_bucket", ["table": "users", "le": "0.025"]) == "1.0")
        #expect(value("t_seconds_bucket", ["table": "users", "le": "+Inf"]) == "1.0")
        #expect(value("t_seconds_sum", ["table": "users"]) == "0.02")
        #expect(value("r_sum") == "-1.0" && value("r_count") == "1.0")
        #expect(value("martlet_metrics_dropped_series_total") == "0.0")
    }

    @Test(arguments: ["--http1.1", "--http2-prior-knowledge"])
    func aServerAnswersPrometheus(version: String) async throws {
        var observability = Observability()
        observability.metrics = metrics
        var configuration = ServerConfiguration.observed(by: observability)
        configuration.handlesSignals = false
        configuration.httpRoutes = [.prometheus(metrics)]
        let server = RPCServer(
            services: [TestService()], listen: .tcp("127.0.0.1", 0), configuration: configuration)
        let running = Task { try await server.run() }
        let address = try await server.addresses[0]
        let channel = try ClientChannel("tcp://\(address)")
        try await channel.callAll()
        let answer = try await Program.curl("http://\(address)/metrics", version)
        await channel.shutdown()
        await server.shutdown()
        try await running.value
        let parts = answer.split(separator: "\r\n\r\n", maxSplits: 1)
        try #require(parts.count == 2)
        #expect(parts[0].split(separator: " ")[1] == "200")
        #expect(parts[0].lowercased().contains("content-type: text/plain; version=0.0.4; charset=utf-8"))
        #expect(parts[1] == metrics.text)
        #expect(
            parts[1].contains(
                """
                rpc_server_call_duration_seconds_count{rpc_method="test.Service/Get",rpc_status_code="OK",\
                rpc_system_name="grpc"} 1

                """))
    }
}
