internal import EventModel
internal import JSON
internal import Views

/// What REDACT asks for: fields of one event, or what fits a pattern, in some fields or in all.
struct RedactionQuery: Sendable {
    let pattern: TextPattern?
    /// Attributes by name, `data`, `data/…` by RFC 6901, `#n` for an identifier; none = all.
    let fields: [String]

    /// What of an event can be taken.
    struct Finding {
        var fields: [String: [TextCut]] = [:]
        /// Fields in which something fits and must stay.
        var kept = 0
        /// Fields that are asked for by name and that the event does not have.
        var missing = 0
        /// Why a field that is asked for by name stays.
        var refusal: KeptField?
        /// What goes, as texts: nothing that outlives it may say it.
        var texts: [String] = []
    }

    /// Looks at an event.
    ///
    /// - Parameter steps: How many are left for the pattern.
    /// - Returns: nil when no steps are left.
    func look(at event: borrowing EventView, steps: inout Int) -> Finding? {
        var finding = Finding()
        guard !event.isErased else { return finding }
        if pattern == nil {
            for field in fields { take(field, of: event, &finding) }
            return finding
        }
        var isOver = false
        var walk = event.attributes()
        while let attribute = walk.next() {
            let name = attribute.name.text()
            guard attribute.isText, asks(for: name) else { continue }
            guard let cuts = cuts(in: attribute.bytes, &steps) else {
                isOver = true
                break
            }
            guard !cuts.isEmpty else { continue }
            if Self.stays(attribute, event) == nil {
                finding.fields[name] = cuts
            } else {
                finding.kept += 1
            }
        }
        guard !isOver, lookAtIdentifiers(event, &finding, &steps),
            lookAtPayload(event, &finding, &steps)
        else { return nil }
        return finding
    }

    private func asks(for name: String) -> Bool { fields.isEmpty || fields.contains(name) }

    private static func stays(
        _ attribute: borrowing AttributeView, _ event: borrowing EventView
    ) -> KeptField? {
        if event.isOpen(attribute) { return .open(attribute.name.text()) }
        return NamingAttribute.isOne(attribute.name, of: event.type)
            ? .naming(attribute.name.text()) : nil
    }

    private func cuts(in text: RawSpan, _ steps: inout Int) -> [TextCut]? {
        pattern?.places(in: text, steps: &steps)?.map {
            TextCut(start: $0.lowerBound, count: $0.count)
        }
    }

    /// Of others' identifiers the whole goes; the event's own stay.
    private func lookAtIdentifiers(
        _ event: borrowing EventView, _ finding: inout Finding, _ steps: inout Int
    ) -> Bool {
        var number = -1
        var walk = event.identifiers()
        while let identifier = walk.next() {
            number += 1
            let field = RedactedParts.Field.identifier(number)
            guard asks(for: field), !event.isSurrogate(identifier) else { continue }
            guard let cuts = cuts(in: identifier.value, &steps) else { return false }
            guard !cuts.isEmpty else { continue }
            if identifier.role == .own {
                finding.kept += 1
            } else {
                finding.fields[field] = []
            }
        }
        return true
    }

    private func lookAtPayload(
        _ event: borrowing EventView, _ finding: inout Finding, _ steps: inout Int
    ) -> Bool {
        let data = event.data
        let pointers = fields.filter { $0.hasPrefix("data/") }.map { String($0.dropFirst(4)) }
        guard data.byteCount > 0, asks(for: PartRemoval.payload) || !pointers.isEmpty else {
            return true
        }
        var cuts: [TextCut] = []
        if let spans = Self.spans(of: data) {
            for place in spans.places where place.kind != .container {
                let isAsked =
                    asks(for: PartRemoval.payload)
                    || pointers.contains {
                        place.pointer == $0 || place.pointer.hasPrefix($0 + "/")
                    }
                guard isAsked else { continue }
                guard let found = self.cuts(in: place, of: spans, data, &steps) else {
                    return false
                }
                cuts += found
            }
        } else if let found = self.cuts(in: data, &steps) {
            cuts = found
        } else {
            return false
        }
        if !cuts.isEmpty {
            finding.fields[PartRemoval.payload] = cuts.sorted { $0.start < $1.start }
        }
        return true
    }

    /// The places of a payload that is a JSON document.
    private static func spans(of data: RawSpan) -> JSONSpans? {
        do throws(JSONFault) {
            return try JSONSpans(data)
        } catch {
            return nil
        }
    }

    private func cuts(
        in place: JSONSpans.Place, of spans: JSONSpans, _ data: RawSpan, _ steps: inout Int
    ) -> [TextCut]? {
        let range = place.range
        guard !range.isEmpty else { return [] }
        guard spans.hasEscapes(range) || place.kind == .scalar else {
            return cuts(in: data.extracting(range), &steps)?.map {
                TextCut(start: range.lowerBound + $0.start, count: $0.count)
            }
        }
        // What the bytes say is not what they are, or is no text: all of it goes.
        let said = Array((spans.text(range) ?? "").utf8)
        guard let found = unsafe cuts(in: said.span.bytes, &steps) else { return nil }
        let whole = TextCut(
            start: range.lowerBound, count: range.count, isValue: place.kind == .scalar)
        return found.isEmpty ? [] : [whole]
    }
}

/// Fields by name.
extension RedactionQuery {
    private func take(
        _ field: String, of event: borrowing EventView, _ finding: inout Finding
    ) {
        if field == PartRemoval.payload {
            return takePayload(event, &finding)
        } else if field.hasPrefix("data/") {
            return takeValue(String(field.dropFirst(4)), of: event, &finding)
        } else if field.hasPrefix("#") {
            return takeIdentifier(field, of: event, &finding)
        }
        var walk = event.attributes()
        while let attribute = walk.next() {
            guard attribute.name.text() == field else { continue }
            if let kept = Self.stays(attribute, event) {
                finding.refusal = kept
            } else {
                finding.fields[field] = []
                if attribute.isText { finding.texts.append(attribute.bytes.text()) }
            }
            return
        }
        finding.missing += 1
    }

    private func takePayload(_ event: borrowing EventView, _ finding: inout Finding) {
        if event.data.byteCount == 0 {
            finding.missing += 1
        } else {
            finding.fields[PartRemoval.payload] = []
            if event.data.isUTF8 { finding.texts.append(event.data.text()) }
        }
    }

    private func takeValue(
        _ pointer: String, of event: borrowing EventView, _ finding: inout Finding
    ) {
        guard let spans = Self.spans(of: event.data),
            let place = spans.places.first(where: { $0.kind != .name && $0.pointer == pointer })
        else {
            finding.missing += 1
            return
        }
        guard !place.range.isEmpty else { return }
        finding.fields[PartRemoval.payload, default: []].append(
            TextCut(
                start: place.range.lowerBound, count: place.range.count,
                isValue: place.kind != .string))
        finding.fields[PartRemoval.payload]?.sort { $0.start < $1.start }
        finding.texts.append(event.data.extracting(place.range).text())
    }

    private func takeIdentifier(
        _ field: String, of event: borrowing EventView, _ finding: inout Finding
    ) {
        var number = -1
        var walk = event.identifiers()
        while let identifier = walk.next() {
            number += 1
            guard field == RedactedParts.Field.identifier(number), !event.isSurrogate(identifier)
            else { continue }
            if identifier.role == .own {
                finding.refusal = .identifier
            } else {
                finding.fields[field] = []
                finding.texts.append(identifier.value.text())
            }
            return
        }
        finding.missing += 1
    }
}
