extension Note { public var isAboutNothing: Bool { item == nil } }
