internal import EventIndex
public import EventModel
internal import LMDB

/// Names a stream: what kind of thing it is about, and which one.
///
///     stream      kind "-" id               kind: interaction, agent, thread, order or case
///                 "identifier-" identifier  identifier: kind ":" value, as events carry it
///
///     agent-ana   order-2026/118   identifier-phone:+34911234567
///
/// Kinds are written in lower case; everything behind the first hyphen is the id, byte for byte.
/// A person is no stream: which identifiers are theirs may change, and a version counts the past.
public struct StreamName: Hashable, Sendable {
    /// What it is about.
    public let kind: StreamKind
    /// Which one; an identifier as `kind:value`.
    public let id: [UInt8]

    /// What some text is.
    public enum Reading: Sendable {
        /// The name of a stream.
        case stream(StreamName)
        /// It begins like one, and what follows is empty, too long, no UTF-8 or no identifier.
        case malformed
        /// It begins otherwise.
        case other
    }

    /// What a name must look like, for messages.
    public static let grammar =
        "interaction-, agent-, thread-, order- or case- and an id of at most "
        + "\(EventLimits.referenceBytesMax) bytes, or identifier-kind:value"

    /// Makes a name of its parts.
    public init(_ kind: StreamKind, _ id: [UInt8]) {
        self.kind = kind
        self.id = id
    }

    /// Reads a name.
    ///
    /// - Complexity: O(bytes).
    public static func read(_ text: RawSpan) -> Reading {
        let prefix = text.extracting(0..<min(text.byteCount, kindBytesMax + 1))
        guard let hyphen = prefix.firstOffset(of: UInt8(ascii: "-")),
            let kind = kind(word: text.extracting(0..<hyphen))
        else { return .other }
        let id = text.extracting(hyphen + 1..<text.byteCount)
        guard kind == .identifier ? isIdentifier(id) : isID(id) else { return .malformed }
        return .stream(StreamName(kind, id.copied()))
    }

    /// The bytes of the longest word for a kind: `interaction`.
    private static let kindBytesMax = 11

    private static func kind(word: RawSpan) -> StreamKind? {
        StreamKind.allCases.first { word.equals($0.word) }
    }

    private static func isID(_ id: RawSpan) -> Bool {
        id.byteCount >= 1 && id.byteCount <= EventLimits.referenceBytesMax && id.isUTF8
    }

    private static func isIdentifier(_ text: RawSpan) -> Bool {
        guard let colon = text.firstOffset(of: UInt8(ascii: ":")),
            colon <= EventLimits.identifierKindBytesMax,
            text.extracting(0..<colon).isSnakeCase
        else { return false }
        let value = text.extracting(colon + 1..<text.byteCount)
        return value.byteCount >= 1 && value.byteCount <= EventLimits.identifierValueBytesMax
            && value.isUTF8
    }

    /// Tells whether an event belongs to the stream: the index knows hashes, the event knows.
    ///
    /// An event whose personal part is erased belongs to no identifier's stream any more.
    public func contains(_ event: borrowing EventView) -> Bool {
        kind == .identifier ? isIdentifier(of: event) : isAttribute(of: event)
    }

    private func isAttribute(of event: borrowing EventView) -> Bool {
        var attributes = event.attributes()
        while let attribute = attributes.next() {
            guard attribute.kind == .ref || attribute.kind == .text,
                EventStreams.kind(ofAttribute: attribute.name) == kind
            else { continue }
            if attribute.bytes.equals(id.rawSpan) { return true }
        }
        return false
    }

    private func isIdentifier(of event: borrowing EventView) -> Bool {
        let id = id.rawSpan
        var identifiers = event.identifiers()
        while let identifier = identifiers.next() {
            let colon = identifier.kind.byteCount
            guard id.byteCount == colon + 1 + identifier.value.byteCount,
                id.extracting(0..<colon).equals(identifier.kind),
                id.extracting(colon + 1..<id.byteCount).equals(identifier.value)
            else { continue }
            return true
        }
        return false
    }

    /// The hash under which indexes hold it.
    func hash(_ key: HashKey) -> KeyHash { key.stream(kind: kind.rawValue, name: id.rawSpan) }
}

extension StreamName: CustomStringConvertible {
    /// The name as it is written. It may be personal: it belongs into documents, not into errors.
    public var description: String { "\(kind.word)-" + id.rawSpan.text() }
}
