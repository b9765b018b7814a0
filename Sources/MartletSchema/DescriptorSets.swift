package import MartletDescriptors
package import MartletMessages

extension Schema {
    /// The files as protoc's `--descriptor_set_out` writes them, each after its imports.
    ///
    /// - Parameters:
    ///   - names: the files that were asked for, in the order of the command line.
    ///   - includesImports: with everything that they import, directly or not.
    ///   - includesSourceInfo: with positions and comments.
    package func descriptorSet(
        of names: [String], includesImports: Bool, includesSourceInfo: Bool
    ) -> GoogleProtobuf.FileDescriptorSet {
        var files = includesImports ? self.files.map(\.descriptor) : ordered(names)
        if !includesSourceInfo {
            for index in files.indices { files[index].sourceCodeInfo = nil }
        }
        return GoogleProtobuf.FileDescriptorSet(file: files)
    }

    /// Only these files; one that another imports directly goes before it.
    private func ordered(_ names: [String]) -> [GoogleProtobuf.FileDescriptorProto] {
        let asked = Set(names)
        var seen: Set<String> = []
        var result: [GoogleProtobuf.FileDescriptorProto] = []
        func visit(_ name: String) {
            guard let file = file(name), seen.insert(name).inserted else { return }
            for dependency in file.descriptor.dependency where asked.contains(dependency) { visit(dependency) }
            result.append(file.descriptor)
        }
        for name in names { visit(name) }
        return result
    }
}
