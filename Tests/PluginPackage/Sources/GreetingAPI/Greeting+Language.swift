extension Greeting {
    public var languageCode: String? { language?.code }
}
