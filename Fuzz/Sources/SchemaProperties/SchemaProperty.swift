internal import MartletCodegen
internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

/// What holds of any text: there are errors, or there is a schema, whose descriptors are messages like others and from
/// which the generator makes the same Swift each time or says why it makes none.
///
/// The fuzzer looks for text that breaks it; a test replays what once did.
package enum SchemaProperty {
    /// What is wrong; nil if nothing is.
    package static func violation(_ input: UnsafeRawBufferPointer) -> String? {
        let files = InMemoryFiles(["t.proto": String(decoding: input, as: UTF8.self)])
        let result = SchemaCompiler(providers: [files]).compile(["t.proto"])
        let hasErrors = result.diagnostics.contains { $0.severity == .error }
        guard let schema = result.schema else { return hasErrors ? nil : "there is neither a schema nor an error" }
        guard !hasErrors else { return "there is a schema, and an error" }
        return violation(schema)
    }

    private static func violation(_ schema: Schema) -> String? {
        do {
            for file in schema.files {
                let descriptor = try GoogleProtobuf.FileDescriptorProto(serialized: file.descriptor.serialized())
                // NaN isn't equal to itself.
                if descriptor != file.descriptor, try descriptor.serialized() != file.descriptor.serialized() {
                    return "the descriptor of \(file.name) came back as another"
                }
            }
        } catch {
            return "a descriptor is no message: \(error)"
        }
        let texts = (1...2).map { _ in try? Generator(schema, options: GeneratorOptions()).generate().get() }
        return texts[0] == texts[1] ? nil : "the generator wrote two different files"
    }
}
