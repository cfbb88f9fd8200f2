/// One event that a compiled mapping may make of a row.
struct EventStep {
    /// The step's name, for messages.
    let name: String
    /// The encoded words up to the name of the id: type, `source`, the source, `id`.
    let head: Range<Int32>
    /// A condition's node, or -1 for always.
    let when: Int32
    /// Which of the program's choices its time comes from.
    let choices: Range<Int>
    let id: Range<Int32>
    /// Its pairs of names and values.
    let words: Range<Int>
    let data: Range<Int32>?
    /// The encoded words before the payload, and how many they are.
    let dataHead: Range<Int32>
    let dataHeadWords: Int
}

/// A column that an event's time may come from.
struct MomentChoice {
    let when: Int32
    let time: Int32
}

/// An attribute or identifier: a constant name and the template of its value.
struct WordPair {
    let when: Int32
    /// The encoded name; of a constant the encoded value, too.
    let name: Range<Int32>
    /// The pieces of the value; nil where it is a constant.
    let value: Range<Int32>?
}

/// A part of a template.
struct TemplatePiece {
    enum Kind: UInt8 {
        /// Literal bytes from `first` to `second`.
        case literal
        /// Column `first` as it stands there.
        case column
        /// Column `first` translated by map `second`.
        case mapped
        /// The moment of time column `first`, as RFC 3339.
        case moment
        /// The number of the row's first line.
        case line
    }

    let kind: Kind
    var first: Int32 = 0
    var second: Int32 = 0
}
