/// Prometheus's text format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).
enum PrometheusText {
    /// A metric's name in Prometheus's letters, with a suffix that it may have already.
    static func name(_ label: String, suffix: String) -> String {
        let name = identifier(label)
        return name.hasSuffix(suffix) ? name : name + suffix
    }

    /// The dimensions as labels, in the order of their names, since they are the same series in any. Values whose names
    /// have become the same are one label, as OpenTelemetry has it
    /// (https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/).
    ///
    /// - Parameter isHistogram: Whether the label `le` is taken.
    static func labels(_ dimensions: [(String, String)], isHistogram: Bool) -> String {
        var values: [String: String] = [:]
        for (key, value) in dimensions {
            var name = identifier(key)
            if isHistogram, name == "le" { name = "exported_le" }
            values[name] = values[name].map { "\($0);\(value)" } ?? value
        }
        return values.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(escaped($0.value, quotes: true))\"" }
            .joined(separator: ",")
    }

    static func writeHead(_ name: String, help: String, type: String, to text: inout String) {
        text += "# HELP \(name) \(escaped(help, quotes: false))\n# TYPE \(name) \(type)\n"
    }

    static func write(_ name: String, _ labels: String, _ value: String, to text: inout String) {
        text += name
        if !labels.isEmpty { text += "{\(labels)}" }
        text += " \(value)\n"
    }

    /// As Go writes it, which is what the format says.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Letters, digits and single `_`, and no digit first. Two `_` at the beginning are Prometheus's own, and `:`
    /// belongs to its rules.
    private static func identifier(_ text: String) -> String {
        var name: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                name.append(byte)
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if name.isEmpty { name.append(UInt8(ascii: "_")) }
                name.append(byte)
            default:
                if name.last != UInt8(ascii: "_") { name.append(UInt8(ascii: "_")) }
            }
        }
        return name.isEmpty ? "_" : String(decoding: name, as: UTF8.self)
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x22 }) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
