internal import EventIndex
internal import EventModel
internal import LMDB

/// What a stream of events is about. The raw value is part of the hash that indexes hold.
public enum StreamKind: UInt8, CaseIterable, Sendable {
    case interaction = 1
    case identifier = 2
    case agent = 3
    case thread = 4
    case order = 5
    case `case` = 6

    /// The word that a stream's name begins with.
    public var word: StaticString {
        switch self {
        case .interaction: "interaction"
        case .identifier: "identifier"
        case .agent: "agent"
        case .thread: "thread"
        case .order: "order"
        case .case: "case"
        }
    }
}

/// Which streams an event belongs to: those that its attributes name, and one for each identifier.
enum EventStreams {
    /// Calls a closure with the hash of each stream; one that is named twice comes twice.
    static func forEach(
        of event: borrowing EventView, _ key: HashKey, _ body: (KeyHash) -> Void
    ) {
        var attributes = event.attributes()
        while let attribute = attributes.next() {
            guard attribute.kind == .ref || attribute.kind == .text,
                let kind = kind(ofAttribute: attribute.name)
            else { continue }
            body(key.stream(kind: kind.rawValue, name: attribute.bytes))
        }
        var identifiers = event.identifiers()
        while let identifier = identifiers.next() {
            // The name of an identifier's stream is as it is written, `kind:value`.
            body(
                key.stream(
                    kind: StreamKind.identifier.rawValue, name: identifier.kind,
                    separator: UInt8(ascii: ":"), identifier.value))
        }
    }

    /// Length and first letter tell the names apart before they are compared.
    static func kind(ofAttribute name: RawSpan) -> StreamKind? {
        switch (name.byteCount, name[0]) {
        case (11, UInt8(ascii: "i")): name.equals("interaction") ? .interaction : nil
        case (5, UInt8(ascii: "a")): name.equals("agent") ? .agent : nil
        case (6, UInt8(ascii: "t")): name.equals("thread") ? .thread : nil
        case (5, UInt8(ascii: "o")): name.equals("order") ? .order : nil
        case (4, UInt8(ascii: "c")): name.equals("case") ? .case : nil
        case (7, UInt8(ascii: "c")): name.equals("case_id") ? .case : nil
        default: nil
        }
    }
}
