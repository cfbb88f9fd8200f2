extension Mapping {
    /// Reads a mapping file.
    ///
    /// - Throws: `unreadable` or `mapping`.
    public init(file path: String) throws(ImportError) {
        var file = try InputFile(path: path)
        var bytes = [UInt8](repeating: 0, count: ImportLimits.mappingBytesMax + 1)
        var end = 0
        while end < bytes.count {
            let count = try file.read(into: &bytes, at: end)
            guard count > 0 else { break }
            end += count
        }
        guard end <= ImportLimits.mappingBytesMax else {
            throw .mapping(
                place: path, problem: "is larger than \(ImportLimits.mappingBytesMax) bytes")
        }
        guard let text = String(validating: bytes[..<end], as: UTF8.self) else {
            throw .mapping(place: path, problem: "is not UTF-8 text")
        }
        try self.init(toml: text)
    }
}
