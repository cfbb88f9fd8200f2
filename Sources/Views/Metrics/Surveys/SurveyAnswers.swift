internal import EventModel

/// What a survey asks. Rows store the raw value: never renumber.
enum SurveyKind: UInt8 {
    case nps = 1
    case csat = 2
    case ces = 3
    case solved = 4
    case custom = 5

    init(_ event: borrowing EventView) {
        guard let word = event.bytes("kind") else {
            self = .custom
            return
        }
        self =
            word.equals("nps")
            ? .nps
            : word.equals("csat")
                ? .csat : word.equals("ces") ? .ces : word.equals("solved") ? .solved : .custom
    }

    /// The greatest answer where the survey does not say it.
    var usualMost: Int64 {
        switch self {
        case .nps: 10
        case .csat, .custom: 5
        case .ces: 7
        case .solved: 1
        }
    }

    var distribution: MetricDistribution {
        switch self {
        case .nps: .npsAnswers
        case .csat: .csatAnswers
        case .ces: .cesAnswers
        case .solved: .solvedAnswers
        case .custom: .customAnswers
        }
    }
}

/// An answer with its scale, as one number in a distribution.
///
///     number = 2²⁰ where low is good + 1,024 · the greatest answer + answer
struct SurveyScore: Equatable {
    /// 0 … 1,023.
    var score: Int64
    /// The greatest answer of the scale, 1 … 1,023.
    var most: Int64
    /// Whether a low answer is good: effort on the older scale.
    var isLowGood: Bool

    var number: Int64 { (isLowGood ? 1 << 20 : 0) + 1_024 * most + score }

    init(number: Int64) {
        isLowGood = number >> 20 == 1
        most = number >> 10 & 0x3FF
        score = number & 0x3FF
    }

    /// Reads an answer; nil when it lies outside its scale. The scale is written as its greatest
    /// answer, or from the least to it: `5`, `1-5`, `0..10`.
    init?(_ event: borrowing EventView, _ kind: SurveyKind) {
        guard let score = event.integer("score") else { return nil }
        let most = event.text("scale").flatMap(Self.lastNumber) ?? kind.usualMost
        guard (1...1_023).contains(most), (0...most).contains(score) else { return nil }
        self.score = score
        self.most = most
        let direction = event.bytes("direction")
        isLowGood = direction?.equals("low") == true || direction?.equals("down") == true
    }

    private static func lastNumber(_ scale: String) -> Int64? {
        let digits = scale.utf8.reversed().prefix { $0 >= 0x30 && $0 <= 0x39 }.prefix(9)
        return Int64(String(decoding: digits.reversed(), as: UTF8.self))
    }
}

/// Invitations to surveys and the last answer to each of their questions.
///
///     num entries, then each: u64 hash of the invitation, u64 hash of the question, 0 for the
///     invitation itself; u8 kind, num answer as `SurveyScore` draws it, 0 for none
struct SurveyAnswers: Equatable {
    private struct Entry: Equatable {
        var invitation: UInt64
        var question: UInt64
        var kind: SurveyKind
        var number: Int64
    }

    private var entries: [Entry] = []

    init() {}

    var isEmpty: Bool { entries.isEmpty }

    /// Takes `survey.invited` or `survey.answered`; events come in the order in which they happened.
    mutating func take(_ event: borrowing EventView) {
        guard let invitation = event.hash("invitation_id") else {
            return
        }
        var kind = SurveyKind(event)
        guard event.type.equals("survey.answered") else {
            put(Entry(invitation: invitation, question: 0, kind: kind, number: 0))
            return
        }
        if event.bytes("kind") == nil,
            let invited = entries.first(where: { $0.invitation == invitation })
        {
            kind = invited.kind
        }
        guard let score = SurveyScore(event, kind), let question = event.hash("question") else {
            return
        }
        put(
            Entry(
                invitation: invitation, question: question, kind: kind,
                number: score.number))
    }

    private mutating func put(_ entry: Entry) {
        if let known = entries.firstIndex(where: {
            $0.invitation == entry.invitation && $0.question == entry.question
        }) {
            entries[known] = entry
        } else if entries.count < MetricLimits.surveyEntriesMax {
            entries.append(entry)
        }
    }

    /// What they add to figures.
    var measures: [MetricMeasure] {
        var measures: [MetricMeasure] = []
        for (index, entry) in entries.enumerated() {
            guard entry.number > 0 else {
                measures.append(.count(.surveysInvited, 1))
                continue
            }
            measures.append(.distribution(entry.kind.distribution, entry.number))
            let isFirst = !entries[..<index].contains {
                $0.invitation == entry.invitation && $0.number > 0
            }
            if isFirst { measures.append(.count(.surveysAnswered, 1)) }
        }
        return measures
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        for _ in 0..<(try reader.count()) {
            let invitation = try reader.integer(UInt64.self)
            let question = try reader.integer(UInt64.self)
            guard let kind = SurveyKind(rawValue: try reader.byte()) else {
                throw MalformedBytes("kind of a survey", at: reader.offset)
            }
            entries.append(
                Entry(
                    invitation: invitation, question: question, kind: kind,
                    number: Int64(clamping: try reader.varint())))
        }
    }

    func encode(into row: inout [UInt8]) {
        row.append(varint: UInt64(entries.count))
        for entry in entries {
            row.append(littleEndian: entry.invitation)
            row.append(littleEndian: entry.question)
            row.append(entry.kind.rawValue)
            row.append(varint: UInt64(entry.number))
        }
    }
}
