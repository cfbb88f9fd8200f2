internal import EventModel

/// Puts masks in the place of what a role may not see of a document.
///
/// It reads the JSON that this program wrote, so that what it does not know, it hides: a text whose
/// field is not registered is personal. A mask is `~` and 16 letters and digits that only the store's
/// key makes of the value: the same value has the same one everywhere, and nobody without the key finds
/// the value by trying. True and false, of which there are but two, become null; null stays what it is.
struct DocumentMask {
    let register: DataRegister
    /// The most private class that is shown.
    let sees: DataClass
    /// The keyed hash of a value.
    let hash: (RawSpan) -> (high: UInt64, low: UInt64)

    /// Which rule gives the class of what stands in an object or array.
    private enum Rule {
        /// The field's name.
        case byField
        /// The catalogue, by the type of the event whose attributes these are.
        case byAttribute(type: Range<Int>)
        /// Nothing: it is decided for all of it.
        case decided(isHidden: Bool)
    }

    /// An object or array that is not over yet.
    private struct Frame {
        let isObject: Bool
        let rule: Rule
        /// The field of the object in which it stands; empty at the top.
        let section: Range<Int>
        /// The field at hand; of an array its own.
        var field: Range<Int>
        /// What an object says of its type and kind.
        var type: Range<Int>?
        var kind: Range<Int>?
    }

    /// Returns the document as it may be shown; nil where it may as it is.
    func masked(_ text: [UInt8]) -> [UInt8]? {
        var walk = Walk(text)
        var frames: [Frame] = []
        while let token = walk.next() {
            switch token.kind {
            case .objectBegins, .arrayBegins:
                let isObject = token.kind == .objectBegins
                let rule = frames.last.map { self.rule(below: $0, text) } ?? .byField
                let section = frames.last?.field ?? 0..<0
                frames.append(
                    Frame(
                        isObject: isObject, rule: rule, section: section,
                        field: isObject ? 0..<0 : section))
            case .ends: frames.removeLast()
            case .field: frames[frames.count - 1].field = token.range
            case .string, .number, .word:
                guard let frame = frames.last else { continue }
                if token.kind == .string, frame.isObject { note(token, &frames, text) }
                let first = text[token.range.lowerBound]
                let isNull = token.kind == .word && first == UInt8(ascii: "n")
                if !isNull, isHidden(token, frame, text) {
                    walk.replace(token, with: mask(token, text))
                }
            }
        }
        return walk.result
    }

    /// Remembers by what an object names its type, and its identifier's kind.
    private func note(_ token: Walk.Token, _ frames: inout [Frame], _ text: [UInt8]) {
        let index = frames.count - 1
        let field = frames[index].field
        if Self.equals(text, field, "type") { frames[index].type = token.range }
        if Self.equals(text, field, "kind") { frames[index].kind = token.range }
    }

    private func rule(below frame: Frame, _ text: [UInt8]) -> Rule {
        switch frame.rule {
        case .decided: return frame.rule
        case .byAttribute(let type):
            return .decided(isHidden: attribute(frame.field, type, text) > sees)
        case .byField:
            if let type = frame.type, Self.equals(text, frame.field, "attributes") {
                return .byAttribute(type: type)
            }
            let bytes = unsafe text.span.bytes
            let said = register.field(
                bytes.extracting(frame.field), in: bytes.extracting(frame.section))
            // Of identifiers, and of what is personal, each part is looked at by itself.
            return said.map { $0 > .personal && $0 > sees } ?? false
                ? .decided(isHidden: true) : .byField
        }
    }

    private func attribute(
        _ field: Range<Int>, _ type: Range<Int>, _ text: [UInt8]
    ) -> DataClass {
        let bytes = unsafe text.span.bytes
        return register.attribute(bytes.extracting(field), ofType: bytes.extracting(type))
    }

    private func isHidden(_ token: Walk.Token, _ frame: Frame, _ text: [UInt8]) -> Bool {
        switch frame.rule {
        case .decided(let isHidden): return isHidden
        case .byAttribute(let type): return attribute(frame.field, type, text) > sees
        case .byField: break
        }
        let bytes = unsafe text.span.bytes
        let field = bytes.extracting(frame.field)
        if token.kind == .string, frame.isObject, let kind = frame.kind, field.equals("value") {
            return register.identifier(bytes.extracting(kind)) > sees
        }
        if token.kind == .string, !frame.isObject, field.equals("identifiers") {
            let value = bytes.extracting(token.range)
            let colon = value.firstOffset(of: UInt8(ascii: ":")) ?? 0
            return register.identifier(value.extracting(0..<colon)) > sees
        }
        let said = register.field(field, in: bytes.extracting(frame.section))
        guard token.kind == .string else {
            return said.map { $0 > sees && $0 > .personal } ?? false
        }
        guard said ?? .personal > sees else { return false }
        return said != nil || !Self.isTime(bytes.extracting(token.range))
    }

    /// Whether a text is a time as documents write it.
    private static func isTime(_ text: RawSpan) -> Bool {
        text.byteCount == 24 && text[10] == UInt8(ascii: "T") && Timestamp(rfc3339: text) != nil
    }

    private static func equals(
        _ text: [UInt8], _ range: Range<Int>, _ word: StaticString
    ) -> Bool {
        unsafe text.span.bytes.extracting(range).equals(word)
    }

    private static let letters = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    private func mask(_ token: Walk.Token, _ text: [UInt8]) -> [UInt8] {
        if token.kind == .word { return Array("null".utf8) }
        let (high, low) = unsafe hash(text.span.bytes.extracting(token.range))
        var mask = Array("\"~".utf8)
        for place in 0..<16 {
            let half = place < 12 ? high : low
            mask.append(Self.letters[Int(half >> UInt64(place % 12 * 5) & 31)])
        }
        return mask + [UInt8(ascii: "\"")]
    }
}
