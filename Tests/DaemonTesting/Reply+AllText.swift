public import RESP

extension Reply {
    /// Everything that it says, a line for each value: to look for what must not be in it.
    public var allText: String {
        switch self {
        case .map(let entries):
            entries.map { $0.key.allText + "\n" + $0.value.allText }.joined(separator: "\n")
        case .error(let code, let message): "\(code) \(message)"
        default:
            elements?.map(\.allText).joined(separator: "\n") ?? text ?? "\(self)"
        }
    }
}
