internal import ContactCentre
internal import EventModel

/// What has figures in a window and is no contact: surveys about no interaction, and customers who were
/// not let in.
extension ContactScan {
    /// A survey with those of its facts that count.
    struct FoundSurvey {
        let invitation: String
        let row: SurveyRow
        let owner: FactOwner
        let facts: [MetricFact]
        /// When the quarter begins.
        let quarter: Timestamp
    }

    /// A customer who was not let in.
    struct FoundRefusal {
        let position: Position
        let row: RefusalRow
        let owner: FactOwner
        /// When the quarter begins.
        let quarter: Timestamp
    }

    /// Shows the surveys of a window in the order of quarters while the body says true.
    static func surveys<Reader: ViewReader & ~Copyable>(
        _ asked: Asked, first: OpenedPlace? = nil, from reader: borrowing Reader,
        _ body: (FoundSurvey) -> Bool
    ) throws(MetricsFault) {
        let (start, end) = bounds(asked.query, SurveyRow.indexPrefix, first)
        try rows(start, end, reader) { key, _ throws(ViewFault) in
            guard key.byteCount > 5 else {
                throw .damaged(MalformedBytes("survey index key", at: 0))
            }
            let name = key.extracting(5..<key.byteCount)
            var rowKey = [SurveyRow.prefix]
            rowKey.append(name)
            guard let survey = try SurveyRow.decoded(try reader.row(rowKey)) else {
                throw .damaged(MalformedBytes("survey without a row", at: 0))
            }
            let owner = FactOwner(record: nil, surveys: survey.answers)
            let facts = survey.facts.filter { asked.counts($0, of: owner, at: $0.created) }
            guard !facts.isEmpty else { return true }
            return body(
                FoundSurvey(
                    invitation: try name.keyText(at: 0).text, row: survey, owner: owner,
                    facts: facts,
                    quarter: MetricInterval.start(ofQuarter: key.keySigned(at: 1))))
        }
    }

    /// Shows whom nobody let in, in the order of quarters, while the body says true.
    static func refusals<Reader: ViewReader & ~Copyable>(
        _ asked: Asked, first: OpenedPlace? = nil, from reader: borrowing Reader,
        _ body: (FoundRefusal) -> Bool
    ) throws(MetricsFault) {
        let (start, end) = bounds(asked.query, RefusalRow.prefix, first)
        try rows(start, end, reader) { key, row throws(ViewFault) in
            let position = try RefusalRow.position(ofKey: key)
            let refusal = try RefusalRow.decoded(row)
            let owner = FactOwner(
                record: nil, surveys: SurveyAnswers(), refused: refusal.details)
            guard asked.counts(refusal.fact, of: owner, at: refusal.occurred) else { return true }
            return body(
                FoundRefusal(
                    position: position, row: refusal, owner: owner,
                    quarter: MetricInterval.start(ofQuarter: key.keySigned(at: 1))))
        }
    }

    /// Shows as many rows as one answer may look at.
    private static func rows<Reader: ViewReader & ~Copyable>(
        _ start: [UInt8], _ end: [UInt8], _ reader: borrowing Reader,
        _ body: (RawSpan, RawSpan) throws(ViewFault) -> Bool
    ) throws(MetricsFault) {
        var read = 0
        do throws(ViewFault) {
            try reader.rows(from: start, below: end) { key, row throws(ViewFault) in
                read += 1
                return read <= MetricLimits.contactsReadMax ? try body(key, row) : false
            }
        } catch {
            throw .view(error)
        }
        guard read <= MetricLimits.contactsReadMax else {
            throw .refused(.tooManyContacts(most: MetricLimits.contactsReadMax))
        }
    }
}
