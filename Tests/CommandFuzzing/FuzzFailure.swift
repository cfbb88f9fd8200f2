/// What must never happen, and did: which request, and what of it.
public struct FuzzFailure: Error, CustomStringConvertible {
    /// One line.
    public let description: String

    init(_ what: String, after words: [[UInt8]] = []) {
        let request = words.map { String(decoding: $0, as: UTF8.self).debugDescription }
        description = ([what] + request).joined(separator: " ")
    }
}
