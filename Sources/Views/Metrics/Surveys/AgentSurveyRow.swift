internal import ContactCentre
internal import EventModel

/// What agents answered in a survey, counted in whole groups of five.
///
/// Answers of one round, team and scale wait, in the order recorded, until five of them are there, and
/// then count together. So whatever two figures are held against each other, of two teams and both, of
/// two windows, of two moments, they differ by whole groups of five, and nobody's answer can be found
/// by subtraction. Which driver an answer names waits with it, and counts in fives, too.
///
/// An answer of which something was redacted or erased keeps its place, and so does one outside its
/// scale: the five that it is of counts no more, and no other is cut otherwise. Where its scale is gone,
/// nobody can tell which of the round's and team's it was of: none of them counts.
///
/// A round is a period that `agent.surveyed` names, and begins with the first that does. Its answers
/// are filed under that moment; those that come before anybody has told of a round are filed under the
/// first of them.
///
///     key  'e', text survey
///     row  u8 version = 2; num rounds, as first told, then each: text period, int asked;
///          num groups, then each: num round, 0 for none, else from 1; int first answer; text team;
///          num the greatest answer;
///          Distribution of those that count; num waiting, then each: num answer, rising;
///          num places among those that wait of answers that are lost;
///          num drivers, by word, each: text, num answers that count and name it,
///          num answers that wait and do;
///          num rounds and teams of which none counts, then each: num round, text team
struct AgentSurveyRow: RowRecord {
    static let prefix = UInt8(ascii: "e")
    private static let version: UInt8 = 2
    /// How many answers count together (DOMAIN §5).
    static let groupMin = 5

    struct Group: Equatable {
        /// The place of its round; nil where nobody had told of one when its answers came.
        fileprivate let round: Int?
        fileprivate var first: Timestamp
        let team: String
        let most: Int64
        /// The answers that count: `SurveyScore` draws the number.
        fileprivate(set) var counted = Distribution()
        /// Those that wait, rising, so that nothing tells who was first.
        fileprivate var waiting: [Int64] = []
        /// How many of those that wait are lost.
        fileprivate var lost = 0
        fileprivate var drivers: [Driver] = []

        /// Of answers that count: drivers with how many answers name them, in fives.
        var named: [(word: String, count: Int)] {
            let min = AgentSurveyRow.groupMin
            return drivers.map { (word: $0.word, count: $0.count - $0.count % min) }
                .filter { $0.count > 0 }
        }
    }

    fileprivate struct Driver: Equatable {
        var word: String
        var count = 0
        var waiting = 0
    }

    private struct Round: Equatable {
        var period: String
        var asked: Timestamp
    }

    /// A round and team of which no answer counts.
    private struct Withheld: Equatable {
        var round: Int?
        var team: String
    }

    private var rounds: [Round] = []
    private var withheld: [Withheld] = []
    private(set) var groups: [Group] = []
    /// Not stored: whether its figures are to be moved when the fold settles.
    var isTouched = false

    init() {}

    var isEmpty: Bool { rounds.isEmpty && groups.isEmpty && withheld.isEmpty }

    /// Writes the key of the survey that an event is about; tells whether there is one.
    static func writeKey(_ event: borrowing EventView, to key: inout [UInt8]) -> Bool {
        guard let survey = event.bytes("survey_id") else { return false }
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: survey)
        return true
    }

    /// Takes `agent.surveyed` or `agent.surveyAnswered`. Whoever the envelope may name is not read.
    mutating func take(_ event: borrowing EventView) {
        guard event.type.equals("agent.surveyAnswered") else { return begin(event) }
        let team = SurveyTold.short(event.text("team"))
        let round = round(at: event.occurred)
        let scale = event.text("scale")
        // What is cut out of a text leaves asterisks.
        guard let scale, !(event.hasRemnant && scale.utf8.contains(UInt8(ascii: "*"))) else {
            return withhold(round, team)
        }
        let said = SurveyScore.most(scale)
        let most = said > 0 ? min(said, SurveyScore.mostMax) : SurveyKind.csat.usualMost
        guard let place = group(round, team, most, event.occurred) else { return }
        let score = event.integer("score").flatMap {
            SurveyScore($0, of: most, isLowGood: false)
        }
        if let score, !event.hasRemnant {
            groups[place].take(score.number, SurveyTold(event).drivers)
        } else {
            groups[place].lose()
        }
    }

    private mutating func withhold(_ round: Int?, _ team: String) {
        let one = Withheld(round: round, team: team)
        guard !withheld.contains(one), withheld.count < MetricLimits.surveyGroupsMax else { return }
        withheld.append(one)
    }

    private mutating func begin(_ event: borrowing EventView) {
        let period = SurveyTold.short(event.text("period"))
        if let known = rounds.firstIndex(where: { $0.period == period }) {
            rounds[known].asked = min(rounds[known].asked, event.occurred)
        } else if rounds.count < MetricLimits.surveyRoundsMax {
            rounds.append(Round(period: period, asked: event.occurred))
        }
    }

    /// The round of an answer: the last that was asked by then, else the first one.
    private func round(at moment: Timestamp) -> Int? {
        rounds.indices.filter { rounds[$0].asked <= moment }.max {
            rounds[$0].asked < rounds[$1].asked
        } ?? rounds.indices.min { rounds[$0].asked < rounds[$1].asked }
    }

    /// Finds the group of an answer, or makes it while there is room.
    private mutating func group(
        _ round: Int?, _ team: String, _ most: Int64, _ moment: Timestamp
    ) -> Int? {
        let known = groups.firstIndex { $0.round == round && $0.team == team && $0.most == most }
        if let known {
            groups[known].first = min(groups[known].first, moment)
            return known
        }
        guard groups.count < MetricLimits.surveyGroupsMax else { return nil }
        groups.append(Group(round: round, first: moment, team: team, most: most))
        return groups.count - 1
    }

    /// When a group's answers are filed. Groups of no round lie together.
    func filed(_ group: Group) -> Timestamp {
        if let round = group.round { return rounds[round].asked }
        return groups.filter { $0.round == nil }.map(\.first).min() ?? group.first
    }

    /// What a group adds to figures, each with the driver that it is about.
    func facts(of group: Group) -> [(fact: MetricFact, driver: String)] {
        guard withheld.count < MetricLimits.surveyGroupsMax,
            !withheld.contains(Withheld(round: group.round, team: group.team))
        else { return [] }
        let moment = filed(group)
        var facts: [(fact: MetricFact, driver: String)] = []
        func add(_ measure: MetricMeasure, _ driver: String = "", count: Int = 1) {
            let fact = MetricFact(
                measure: measure, queue: "", channel: .unknown, created: moment, offered: moment,
                ended: moment)
            facts.append(contentsOf: repeatElement((fact: fact, driver: driver), count: count))
        }
        for run in group.counted.runs {
            add(.distribution(.esatAnswers, run.milliseconds), count: Int(run.count))
        }
        for driver in group.named { add(.count(.esatNamed, Int64(driver.count)), driver.word) }
        return facts
    }

    /// What the survey adds to figures.
    var facts: [MetricFact] { groups.flatMap { facts(of: $0).map { $0.fact } } }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "agent survey row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("agent survey row version", at: 0)
        }
        for _ in 0..<(try reader.count()) {
            let period = try reader.text()
            rounds.append(Round(period: period, asked: try reader.moment()))
        }
        for _ in 0..<(try reader.count()) {
            groups.append(try Self.group(&reader, rounds.count))
        }
        for _ in 0..<(try reader.count()) {
            let round = try Self.round(&reader, rounds.count)
            withheld.append(Withheld(round: round, team: try reader.text()))
        }
        guard reader.isAtEnd else { throw MalformedBytes("agent survey row", at: reader.offset) }
    }

    private static func round(
        _ reader: inout ByteReader, _ rounds: Int
    ) throws(MalformedBytes) -> Int? {
        let round = Int(clamping: try reader.varint())
        guard round <= rounds else {
            throw MalformedBytes("round of an agent survey", at: reader.offset)
        }
        return round == 0 ? nil : round - 1
    }

    private static func group(
        _ reader: inout ByteReader, _ rounds: Int
    ) throws(MalformedBytes) -> Group {
        let round = try round(&reader, rounds)
        let first = try reader.moment()
        let team = try reader.text()
        var group = Group(
            round: round, first: first, team: team,
            most: Int64(clamping: try reader.varint()))
        group.counted = try Distribution(from: &reader)
        for _ in 0..<(try reader.count()) {
            group.waiting.append(Int64(clamping: try reader.varint()))
        }
        group.lost = Int(clamping: try reader.varint())
        for _ in 0..<(try reader.count()) {
            let word = try reader.text()
            let count = Int(clamping: try reader.varint())
            group.drivers.append(
                Driver(word: word, count: count, waiting: Int(clamping: try reader.varint())))
        }
        return group
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(rounds.count))
        for round in rounds {
            row.append(text: round.period)
            row.append(zigzag: round.asked.rawValue)
        }
        row.append(varint: UInt64(groups.count))
        for group in groups {
            row.append(varint: UInt64(group.round.map { $0 + 1 } ?? 0))
            row.append(zigzag: group.first.rawValue)
            row.append(text: group.team)
            row.append(varint: UInt64(group.most))
            group.counted.encode(into: &row)
            row.append(varint: UInt64(group.waiting.count))
            for number in group.waiting { row.append(varint: UInt64(number)) }
            row.append(varint: UInt64(group.lost))
            row.append(varint: UInt64(group.drivers.count))
            for driver in group.drivers {
                row.append(text: driver.word)
                row.append(varint: UInt64(driver.count))
                row.append(varint: UInt64(driver.waiting))
            }
        }
        row.append(varint: UInt64(withheld.count))
        for one in withheld {
            row.append(varint: UInt64(one.round.map { $0 + 1 } ?? 0))
            row.append(text: one.team)
        }
    }
}

extension AgentSurveyRow.Group {
    /// Takes an answer; with the fifth that waits all of them count.
    fileprivate mutating func take(_ number: Int64, _ words: [String]) {
        waiting.insert(number, at: waiting.firstIndex { $0 > number } ?? waiting.count)
        for word in words {
            let place = drivers.firstIndex { $0.word >= word } ?? drivers.count
            if place < drivers.count, drivers[place].word == word {
                drivers[place].waiting += 1
            } else if drivers.count < MetricLimits.surveyDriversMax {
                drivers.insert(AgentSurveyRow.Driver(word: word, waiting: 1), at: place)
            }
        }
        close()
    }

    /// Keeps the place of an answer that counts for nothing.
    fileprivate mutating func lose() {
        lost += 1
        close()
    }

    /// Counts the five that wait, unless one of them is lost.
    private mutating func close() {
        guard waiting.count + lost == AgentSurveyRow.groupMin else { return }
        for place in drivers.indices {
            if lost == 0 { drivers[place].count += drivers[place].waiting }
            drivers[place].waiting = 0
        }
        if lost == 0 {
            for number in waiting { counted.add(number, count: 1) }
        } else {
            drivers.removeAll { $0.count == 0 }
        }
        waiting.removeAll()
        lost = 0
    }
}
