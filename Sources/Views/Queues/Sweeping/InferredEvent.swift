public import EventModel

/// An event that silence stands for: the daemon appends it under its own source.
///
/// The id is made of the rule, its version, the subject and the position of what was heard last, so
/// that inferring the same again stores nothing.
public struct InferredEvent: Sendable, Equatable {
    /// The type.
    public let type: String
    /// The id, without the source.
    public let id: String
    /// When it happened, as far as can be said.
    public let occurred: Timestamp
    /// Further names and values, as APPEND takes them.
    public let attributes: [Attribute]

    /// A name and its value.
    public struct Attribute: Sendable, Equatable {
        /// The name.
        public let name: String
        /// The value.
        public let value: String
    }

    init(
        _ type: String, rule: String, version: String, subject: String, after: Position,
        occurred: Timestamp, _ attributes: some Sequence<(key: String, value: String)>
    ) {
        self.type = type
        // An id has room for the longest subject and so much of a version.
        id = "\(rule):\(version.prefix(16)):\(after):\(subject)"
        self.occurred = occurred
        self.attributes = attributes.map { Attribute(name: $0.key, value: $0.value) }
    }
}
