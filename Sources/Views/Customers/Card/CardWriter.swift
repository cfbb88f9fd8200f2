internal import ContactCentre
internal import EventModel

/// Writes the sections of a card within its bound: what does not fit is left out, and `cut` says
/// which sections that touched.
struct CardWriter {
    let options: CardOptions
    let moment: CardMoment
    private let bytesMax: Int
    private(set) var cut: [CardSection] = []

    /// Room for `cut` and what closes the document.
    private static let tailBytes = 450

    init(_ options: CardOptions, _ moment: CardMoment, bytesMax: Int) {
        self.options = options
        self.moment = moment
        self.bytesMax = bytesMax
    }

    /// Writes a section's members, whole or not at all.
    mutating func section(
        _ section: CardSection, _ json: inout JSONWriter,
        _ body: (inout JSONWriter) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        guard options.shows(section) else { return }
        guard try !json.attempt(upTo: bytesMax - Self.tailBytes, body) else { return }
        moment.takeBack(to: json.count)
        cut.append(section)
    }

    /// Writes a section that lists items, as many as fit. An empty one is written only when it was
    /// asked for.
    mutating func list<Item>(
        _ section: CardSection, _ items: [Item], _ json: inout JSONWriter,
        _ body: (Item, inout JSONWriter) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        guard options.shows(section), !items.isEmpty || options.sections != nil else { return }
        guard json.count < bytesMax - Self.tailBytes - 32 else { return cut.append(section) }
        json.key(section.word)
        json.beginArray()
        for item in items {
            let fits = try json.attempt(upTo: bytesMax - Self.tailBytes) {
                (json) throws(ViewFault) in
                try body(item, &json)
            }
            guard fits else {
                moment.takeBack(to: json.count)
                cut.append(section)
                break
            }
        }
        json.endArray()
    }

    /// Says what was left out.
    func finish(_ json: inout JSONWriter) {
        guard !cut.isEmpty else { return }
        json.key("cut")
        json.beginArray()
        for section in cut { json.value(section.word) }
        json.endArray()
    }
}
