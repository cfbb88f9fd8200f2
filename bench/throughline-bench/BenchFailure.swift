/// Why a measurement could not be made, in words for the terminal.
struct BenchFailure: Error, CustomStringConvertible {
    /// What kind of failure it is, for who expects one.
    enum Kind: Equatable {
        /// The server closed a connection, or there is nobody to connect to.
        case closed
        /// The server answered that it is ending.
        case stopping
        case other
    }

    let description: String
    let kind: Kind

    init(_ description: String, _ kind: Kind = .other) {
        self.description = description
        self.kind = kind
    }
}
