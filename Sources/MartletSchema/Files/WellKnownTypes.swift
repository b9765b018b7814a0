internal import MartletDescriptors
internal import MartletMessages

extension WellKnownFiles {
    /// The file that comes with Martlet and declares the type written as `name`, with or without its package.
    static func file(declaring name: String) -> String? {
        let name = name.hasPrefix(".") ? String(name.dropFirst()) : name
        for file in names {
            guard case .found(let text, _) = WellKnownFiles().read(file) else { continue }
            var problems = Problems(file: file)
            let descriptor = Parser.parse(text, name: file, shownAs: file, problems: &problems).descriptor
            let types = descriptor.messageType.compactMap(\.name) + descriptor.enumType.compactMap(\.name)
            if types.contains(where: { Names.join(descriptor.package ?? "", $0) == name }) { return file }
        }
        return nil
    }
}
