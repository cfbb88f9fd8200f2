internal import ContactCentre
internal import EventModel

/// What an invitation or an answer says of itself.
struct SurveyTold: Equatable {
    /// nil where it does not say.
    var kind: SurveyKind?
    /// The greatest answer of the scale; 0 where it does not say.
    var most: Int64 = 0
    var isLowGood: Bool?
    /// How it was asked: `web`, `phone` …
    var mode = ""
    var language = ""
    /// Why the answer is what it is, each once.
    var drivers: [String] = []
    /// Whom it is about, each once.
    var agents: [String] = []

    init() {}

    init(_ event: borrowing EventView) {
        kind = SurveyKind(event)
        most = SurveyScore.most(event.text("scale"))
        if let direction = event.bytes("direction") {
            isLowGood =
                direction.equals("low") || direction.equals("lowIsGood")
                || direction.equals("down")
        }
        mode = Self.short(event.text("mode"))
        language = Self.short(event.text("language"))
        drivers = Self.few(event.list("drivers"))
        agents = Self.few(event.list("agents"))
    }

    /// What an answer says, and what it leaves to its invitation.
    func completed(by invitation: SurveyTold) -> SurveyTold {
        var told = self
        told.kind = kind ?? invitation.kind
        if most == 0 { told.most = invitation.most }
        told.isLowGood = isLowGood ?? invitation.isLowGood
        if mode.isEmpty { told.mode = invitation.mode }
        if language.isEmpty { told.language = invitation.language }
        if agents.isEmpty { told.agents = invitation.agents }
        return told
    }

    static func short(_ text: String?) -> String {
        guard let text, text.utf8.count <= MetricLimits.dimensionBytesMax else { return "" }
        return text
    }

    private static func few(_ words: [String]) -> [String] {
        var few: [String] = []
        for word in words where !short(word).isEmpty && !few.contains(word) {
            guard few.count < MetricLimits.surveyWordsMax else { break }
            few.append(word)
        }
        return few
    }
}

/// Invitations to surveys and the last answer to each of their questions.
///
///     num entries, and where there are any int when the first event was; then each: u64 hash of the invitation, u64 hash of the question, 0 for the
///     invitation itself; int occurred, num position; u8 kind, 0 for unsaid; num the greatest answer;
///     u8 1 where low is good, 2 where high is, 0 for unsaid; text mode, text language;
///     num drivers, then each: text; num agents, then each: text; of an answer: int score
struct SurveyAnswers: Equatable {
    private struct Entry: Equatable {
        var invitation: UInt64
        /// 0 for the invitation itself.
        var question: UInt64
        var occurred: Timestamp
        var position: Position
        var told: SurveyTold
        var score: Int64 = 0

        var isAnswer: Bool { question != 0 }
    }

    /// What one of them adds to figures.
    struct Measure: Equatable {
        let measure: MetricMeasure
        /// Which of them says what it is told apart by.
        let entry: Int
    }

    private var entries: [Entry] = []
    /// When the first event happened that said anything of them.
    private(set) var since = Timestamp.latest

    init() {}

    var isEmpty: Bool { entries.isEmpty }

    /// The positions of what counts, rising.
    var positions: [UInt64] { entries.map(\.position.rawValue).sorted() }

    /// Takes `survey.invited` or `survey.answered`. Of what says the same thing the last by when it
    /// happened counts, in whatever order they come.
    mutating func take(_ event: borrowing EventView) {
        guard let invitation = event.hash("invitation_id") else { return }
        var entry = Entry(
            invitation: invitation, question: 0, occurred: event.occurred,
            position: event.position, told: SurveyTold(event))
        if event.type.equals("survey.answered") {
            guard let score = event.integer("score"), let question = event.hash("question") else {
                return
            }
            entry.question = max(question, 1)
            entry.score = score
        }
        put(entry)
    }

    private mutating func put(_ entry: Entry) {
        since = min(since, entry.occurred)
        if let known = entries.firstIndex(where: {
            $0.invitation == entry.invitation && $0.question == entry.question
        }) {
            let last = (entries[known].occurred, entries[known].position)
            if (entry.occurred, entry.position) >= last { entries[known] = entry }
        } else if entries.count < MetricLimits.surveyEntriesMax {
            entries.append(entry)
        }
    }

    /// What an entry is told apart by.
    func told(_ index: Int) -> SurveyTold {
        let entry = entries[index]
        guard entry.isAnswer,
            let invited = entries.first(where: {
                $0.invitation == entry.invitation && !$0.isAnswer
            })
        else { return entry.told }
        return entry.told.completed(by: invited.told)
    }

    /// The scale on which an entry is answered: its greatest answer.
    func most(_ index: Int) -> Int64 {
        let told = told(index)
        return told.most > 0 ? told.most : (told.kind ?? .custom).usualMost
    }

    /// The same as facts, where there is nothing else they are of: filed where they began.
    func facts(queue: String, channel: Channel) -> [MetricFact] {
        measures.map {
            MetricFact(
                measure: $0.measure, queue: queue, channel: channel, created: since,
                offered: since, ended: since, answer: Int32($0.entry))
        }
    }

    /// What they add to figures.
    var measures: [Measure] {
        var measures: [Measure] = []
        var answered: [UInt64] = []
        for (index, entry) in entries.enumerated() {
            func add(_ measure: MetricMeasure) {
                measures.append(Measure(measure: measure, entry: index))
            }
            guard entry.isAnswer else {
                add(.count(.surveysInvited, 1))
                continue
            }
            let told = told(index)
            let kind = told.kind ?? .custom
            guard
                let score = SurveyScore(
                    entry.score, of: most(index), isLowGood: told.isLowGood ?? false)
            else { continue }
            add(.distribution(kind.distribution, score.number))
            add(
                .distribution(
                    .answerMoments,
                    AnswerMoment(
                        kind: kind, mode: SurveyMode(word: told.mode), moment: entry.occurred
                    ).number))
            if score.isBad(kind) {
                add(.distribution(.badAnswers, SurveyDriver.bits(told.drivers)))
            }
            // Whom nobody tells that they were invited is no part of the invited.
            if !answered.contains(entry.invitation),
                entries.contains(where: { $0.invitation == entry.invitation && !$0.isAnswer })
            {
                answered.append(entry.invitation)
                add(.count(.surveysAnswered, 1))
            }
        }
        return measures
    }
}

extension SurveyAnswers {
    init(from reader: inout ByteReader) throws(MalformedBytes) {
        let count = try reader.count()
        if count > 0 { since = try reader.moment() }
        for _ in 0..<count { entries.append(try Self.entry(&reader)) }
    }

    private static func entry(_ reader: inout ByteReader) throws(MalformedBytes) -> Entry {
        let invitation = try reader.integer(UInt64.self)
        let question = try reader.integer(UInt64.self)
        let occurred = try reader.moment()
        var entry = Entry(
            invitation: invitation, question: question, occurred: occurred,
            position: Position(try reader.varint()), told: SurveyTold())
        let kind = try reader.byte()
        entry.told.kind = SurveyKind(rawValue: kind)
        guard kind == 0 || entry.told.kind != nil else {
            throw MalformedBytes("kind of a survey", at: reader.offset)
        }
        entry.told.most = Int64(clamping: try reader.varint())
        let direction = try reader.byte()
        entry.told.isLowGood = direction == 0 ? nil : direction == 1
        entry.told.mode = try reader.text()
        entry.told.language = try reader.text()
        for _ in 0..<(try reader.count()) { entry.told.drivers.append(try reader.text()) }
        for _ in 0..<(try reader.count()) { entry.told.agents.append(try reader.text()) }
        if entry.isAnswer { entry.score = try reader.zigzag() }
        return entry
    }

    func encode(into row: inout [UInt8]) {
        row.append(varint: UInt64(entries.count))
        if !entries.isEmpty { row.append(zigzag: since.rawValue) }
        for entry in entries {
            row.append(littleEndian: entry.invitation)
            row.append(littleEndian: entry.question)
            row.append(zigzag: entry.occurred.rawValue)
            row.append(varint: entry.position.rawValue)
            row.append(entry.told.kind?.rawValue ?? 0)
            row.append(varint: UInt64(entry.told.most))
            row.append(entry.told.isLowGood.map { $0 ? 1 : 2 } ?? 0)
            row.append(text: entry.told.mode)
            row.append(text: entry.told.language)
            row.append(varint: UInt64(entry.told.drivers.count))
            for driver in entry.told.drivers { row.append(text: driver) }
            row.append(varint: UInt64(entry.told.agents.count))
            for agent in entry.told.agents { row.append(text: agent) }
            if entry.isAnswer { row.append(zigzag: entry.score) }
        }
    }
}
