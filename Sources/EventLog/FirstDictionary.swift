/// The dictionary a store's first segment starts with.
enum FirstDictionary {
    static let bytes: [UInt8] = []
}
