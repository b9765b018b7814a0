internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

extension LintRule {
    static let methodRules = [
        LintRule(
            "RPC_REQUEST_STANDARD_NAME", .standard, "The request of a method is named after it.", each: \.methods,
            at: [PathNumber.Method.inputType]
        ) { method, _ in
            wrongName(of: method.descriptor.inputType, role: "Request", in: method)
        },
        LintRule(
            "RPC_RESPONSE_STANDARD_NAME", .standard, "The response of a method is named after it.", each: \.methods,
            at: [PathNumber.Method.outputType]
        ) { method, _ in
            wrongName(of: method.descriptor.outputType, role: "Response", in: method)
        },
        LintRule(
            "RPC_REQUEST_RESPONSE_UNIQUE", .standard,
            "No two methods share a request or response, so that each can grow alone.", check: sharedMessages),
        LintRule(
            "RPC_NO_CLIENT_STREAMING", .unaryRPC, "No method takes a stream.", each: \.methods,
            at: [PathNumber.Method.inputType]
        ) { method, _ in
            method.descriptor.clientStreaming == true ? "method `\(method.name)` takes a stream" : nil
        },
        LintRule(
            "RPC_NO_SERVER_STREAMING", .unaryRPC, "No method returns a stream.", each: \.methods,
            at: [PathNumber.Method.outputType]
        ) { method, _ in
            method.descriptor.serverStreaming == true ? "method `\(method.name)` returns a stream" : nil
        },
    ]

    private typealias Method = Element<GoogleProtobuf.MethodDescriptorProto>

    private static func lastName(_ fullName: String?) -> String {
        fullName?.split(separator: ".").last.map(String.init) ?? ""
    }

    private static func wrongName(of type: String?, role: String, in method: Method) -> String? {
        let name = lastName(type)
        let short = method.name + role
        let long = lastName(method.scope) + short
        guard name != short, name != long else { return nil }
        return "the \(role.lowercased()) of method `\(method.name)` should be `\(short)` or `\(long)`, not `\(name)`"
    }

    private struct Use {
        let file: SchemaFile
        let path: [Int32]
        /// Such as `the request of users.v1.UserService.GetUser`.
        let what: String
    }

    private static func sharedMessages(_ scope: LintScope) -> [LintProblem] {
        var uses: [String: [Use]] = [:]
        for file in scope.files {
            for method in file.methods {
                for (type, part, role) in [
                    (method.descriptor.inputType, PathNumber.Method.inputType, "request"),
                    (method.descriptor.outputType, PathNumber.Method.outputType, "response"),
                ] {
                    uses[type ?? "", default: []].append(
                        Use(file: file.file, path: method.path + [part], what: "the \(role) of \(method.fullName)"))
                }
            }
        }
        return uses.values.filter { $0.count > 1 }.flatMap { uses in
            uses.indices.map { index in
                let other = uses[index == 0 ? 1 : 0]
                return LintProblem(
                    file: uses[index].file, path: uses[index].path,
                    message: "\(uses[index].what) is \(other.what) too; give each a message of its own")
            }
        }
    }
}
