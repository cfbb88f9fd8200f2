internal import ContactCentre
internal import EventModel

/// What they wait for, what to be careful with, and where they stand.
extension Pop {
    /// The two orders that are nearest: open ones, the newest first, then what is over.
    func writeOrders<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        let orders = try person.things(.order, atMost: 2, closedToo: true, reader)
        json.beginArray()
        for order in orders {
            guard let standing = order.standing else { continue }
            json.beginObject()
            json.field("order", order.name.text.cut(toBytes: 40))
            json.field("state", word: standing.state.word)
            json.field("position", standing.state.position)
            SubjectDocument.write(standing.lateness(moment), moment, to: &json)
            if standing.delivered == nil { json.field("promised_to", standing.promised) }
            if let refund = standing.pendingRefunds.min(by: { $0.due < $1.due }) {
                json.key("refund_pending")
                json.beginObject()
                json.field("minor_units", refund.amount?.minorUnits)
                json.field("currency", refund.amount?.currency)
                json.field("due", refund.due)
                json.field("position", refund.position)
                json.endObject()
            }
            let windows = order.record.parts(.giveBack).compactMap { name in
                ["return.authorised", "return.requested"].lazy
                    .compactMap { order.record.trail($0, part: name)?.time("window_end") }.first
            }
            json.field("return_until", windows.max())
            json.endObject()
        }
        json.endArray()
    }

    func writeAlerts<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        json.beginObject()
        json.key("flags")
        json.beginArray()
        for fact in facts where fact.kind == .flag && fact.record.holds(moment) {
            let raised = fact.record.trail("flag.raised")
            if let flag = raised?.text("flag") { json.value(flag) }
        }
        json.endArray()
        if let open = try person.things(.serviceCase, atMost: 1, closedToo: false, reader).first {
            json.field("case", open.name.text.cut(toBytes: 40))
            json.field("case_step", open.record.trail("case.stepped")?.text("step"))
            if let state = open.record.state() { json.field("case_position", state.position) }
        }
        let incidents = try person.incidents(facts, moment, closedToo: false, reader)
        if let incident = incidents.first {
            json.field("incident", incident.subject.name.text.cut(toBytes: 40))
            json.field("incident_position", incident.link.position)
            return json.endObject()
        }
        let notices = try person.things(.proactive, atMost: 1, closedToo: true, reader)
        if let sent = notices.first?.record.trail("proactive.sent"),
            let incident = sent.text("incident_id")
        {
            json.field("incident", incident)
            json.field("incident_position", sent.newest.position)
        }
        json.endObject()
    }

    func writeStanding<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        let stage = try Lifecycle(person, facts, moment, definitions.thresholds, reader).stage
        json.beginObject()
        json.field("stage", word: stage.word)
        json.field("stage_position", stage.position)
        for fact in facts where fact.kind == .loyalty && fact.record.holds(moment) {
            let trail =
                fact.record.trail("loyalty.tierChanged") ?? fact.record.trail("loyalty.enrolled")
            guard let trail, let tier = trail.text("tier") else { continue }
            json.field("tier", tier)
            json.field("tier_position", trail.newest.position)
            break
        }
        let surveys = try person.things(
            .survey, atMost: Person.thingsRead, closedToo: true, reader)
        let last = surveys.compactMap { SurveyAnswer($0.record) }
            .max { $0.answered < $1.answered }
        if let last {
            json.key("score")
            json.beginObject()
            json.field("kind", last.kind)
            json.field("score", last.score)
            json.field("position", last.position)
            json.endObject()
        }
        json.endObject()
    }
}
