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
        rule.state != nil || rule.kind == .order || rule.kind == .survey
            || code == SubjectCode.searchMade || code == SubjectCode.knowledgeSearched
    }
}
