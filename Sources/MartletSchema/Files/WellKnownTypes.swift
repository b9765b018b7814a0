internal import MartletDescriptors
internal import MartletMessages

extension WellKnownFiles {
    /// The file that comes with Martlet and declares the top-level type of this full name, a leading dot aside.
    static func file(declaring fullName: String) -> String? {
        filesByType[fullName.hasPrefix(".") ? String(fullName.dropFirst()) : fullName]
    }

    private static let filesByType: [String: String] = {
        var result: [String: String] = [:]
        for (file, text) in wellKnownProtos {
            var problems = Problems(file: file)
            let descriptor = Parser.parse(Array(text.utf8), name: file, shownAs: file, problems: &problems).descriptor
            let types = descriptor.messageType.compactMap(\.name) + descriptor.enumType.compactMap(\.name)
            for type in types { result[Names.join(descriptor.package ?? "", type)] = file }
        }
        return result
    }()
}
