internal import EventModel

/// What most things leave in other rows, read off the trails in place. It says what `SubjectRecord`
/// would.
extension SubjectRow {
    /// When an order was placed of which nothing else is known, and for which nothing was promised;
    /// nil for any other thing. Most orders are that as long as a batch lasts.
    var placedAlone: Timestamp? {
        guard trailCount == 1, trails[0] == SubjectCode.orderPlaced else { return nil }
        return unsafe placed(in: trails.span.bytes)
    }

    private func placed(in trails: RawSpan) -> Timestamp? {
        var placed: Timestamp?
        forEachTrail(trails) { trail in
            trail.forEachMark(trails) { mark in
                var isPromised = false
                let values = trails.extracting(mark.values)
                Self.visit(SubjectCode.Attribute.placedPromise, values) { _ in isPromised = true }
                if !isPromised { placed = began.advanced(byMilliseconds: mark.occurred) }
                return false
            }
            return false
        }
        return placed
    }

    /// The signal of a contact in which a message of the customer waits for an answer.
    var messageSignals: [Signal] {
        unsafe signals(of: trails.span.bytes)
    }

    private func signals(of trails: RawSpan) -> [Signal] {
        var (received, sent): (TrailPlace?, TrailPlace?) = (nil, nil)
        forEachTrail(trails) { trail in
            if trail.code == SubjectCode.messageReceived { received = trail }
            if trail.code == SubjectCode.messageSent { sent = trail }
            return true
        }
        guard let received else { return [] }
        var answered: (Int64, UInt64)?
        sent?.forEachMark(trails) { mark in
            let values = trails.extracting(mark.values)
            if Self.says("agent", at: SubjectCode.Attribute.sentBy, values),
                !Self.isTrue(at: SubjectCode.Attribute.sentPrivately, values)
            {
                answered = (mark.occurred, mark.position)
            }
            return true
        }
        var signals: [Signal] = []
        received.forEachMark(trails) { mark in
            if let answered, (mark.occurred, mark.position) <= answered { return true }
            let values = trails.extracting(mark.values)
            guard Self.says("customer", at: SubjectCode.Attribute.receivedBy, values) else {
                return true
            }
            signals = [
                Signal(
                    kind: .messageUnanswered,
                    moment: began.advanced(byMilliseconds: mark.occurred),
                    position: Position(mark.position))
            ]
            return false
        }
        return signals
    }

    private static func says(_ word: StaticString, at index: Int, _ values: RawSpan) -> Bool {
        var isSaid = false
        visit(index, values) { value in isSaid = value.isText && value.text.equals(word) }
        return isSaid
    }

    private static func isTrue(at index: Int, _ values: RawSpan) -> Bool {
        var isTrue = false
        visit(index, values) { value in isTrue = value.isNumber && value.number == 1 }
        return isTrue
    }

    @inline(__always)
    private static func visit(
        _ index: Int, _ values: RawSpan, _ body: (borrowing MarkValue) -> Void
    ) {
        do throws(MalformedBytes) {
            var walk = MarkValues(values)
            while let value = try walk.next() {
                if value.index == index { return body(value) }
            }
        } catch {
            preconditionFailure("the values were checked when they were read")
        }
    }

    @inline(__always)
    private func forEachTrail(_ trails: RawSpan, _ body: (TrailPlace) -> Bool) {
        do throws(MalformedBytes) {
            var reader = ByteReader(trails, of: "subject row")
            for _ in 0..<trailCount {
                guard body(try TrailPlace(from: &reader)) else { return }
            }
        } catch {
            preconditionFailure("the trails were checked when they were read")
        }
    }
}

extension SubjectRule {
    /// By code: whether other rows need to know more of a thing than that an event of the rule came.
    static let telling: [Bool] = all.enumerated().map { code, rule in
        rule.state != nil || rule.kind == .order || rule.kind == .survey || rule.kind == .contact
            || code == SubjectCode.searchMade || code == SubjectCode.knowledgeSearched
    }
}
