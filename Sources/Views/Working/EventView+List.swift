internal import EventModel
internal import JSON

extension EventView {
    /// The members of an attribute that lists things: a JSON array, or with commas between them.
    func list(_ name: StaticString) -> [String] {
        guard let text = text(name) else { return [] }
        if let list = try? unsafe JSONReader.read(text.utf8Span.span.bytes),
            let elements = list.elements
        {
            return elements.compactMap(\.text)
        }
        return text.split(separator: ",").map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }
}
