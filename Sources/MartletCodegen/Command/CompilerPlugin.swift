package import MartletDescriptors
package import MartletMessages
internal import MartletSchema

/// What `protoc-gen-martlet` does: the generator, driven by protoc or buf.
package enum CompilerPlugin {
    /// The options in `request.parameter` are those of `martlet generate` that concern the generated code, such as
    /// `access=public,module=billing/v1/=Billing`; `_` may stand for `-` in their names.
    package static func respond(to request: GoogleProtobuf.Compiler.CodeGeneratorRequest)
        -> GoogleProtobuf.Compiler.CodeGeneratorResponse
    {
        var response = GoogleProtobuf.Compiler.CodeGeneratorResponse()
        let features: [GoogleProtobuf.Compiler.CodeGeneratorResponse.Feature] = [.proto3Optional, .supportsEditions]
        response.supportedFeatures = UInt64(features.reduce(0) { $0 | $1.rawValue })
        response.minimumEdition = GoogleProtobuf.Edition.proto2.rawValue
        response.maximumEdition = GoogleProtobuf.Edition.edition2023.rawValue
        do throws(Failure) {
            let options = try options(request.parameter ?? "")
            response.file = try generate(request, options).map { file in
                .init(name: file.name, content: file.text)
            }
        } catch {
            response.error = error.message
        }
        return response
    }

    private struct Failure: Error {
        let message: String
    }

    private static func generate(
        _ request: GoogleProtobuf.Compiler.CodeGeneratorRequest, _ options: GeneratorOptions
    ) throws(Failure) -> [GeneratedFile] {
        let schema: Schema
        do throws(SchemaDiagnostic) {
            schema = try Schema(linked: request.protoFile, roots: Set(request.fileToGenerate))
        } catch {
            throw Failure(message: error.description)
        }
        switch Generator(schema, options: options).generate() {
        case .success(let files): return files
        case .failure(let failure):
            throw Failure(message: failure.diagnostics.map(\.description).joined(separator: "\n"))
        }
    }

    private static func options(_ parameter: String) throws(Failure) -> GeneratorOptions {
        var options = GeneratorOptions()
        for item in parameter.split(separator: ",") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0]).replacing("_", with: "-")
            guard parts.count == 2 || GeneratorOptions.flags.contains(name) else {
                throw Failure(message: "option \"\(item)\" is not NAME=VALUE")
            }
            if let reason = options.set(name, to: parts.count == 2 ? String(parts[1]) : "true") {
                throw Failure(message: "option \(parts[0]) \(reason)")
            }
        }
        return options
    }
}
