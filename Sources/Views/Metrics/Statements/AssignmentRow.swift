internal import EventModel

/// Which team an agent belonged to, and since when.
///
///     key  'g', text agent
///     row  u8 version = 1; u8 1 where older ones were forgotten; num assignments, then each, by when
///          it happened: int occurred; num position; text team
struct AssignmentRow: RowRecord {
    static let prefix = UInt8(ascii: "g")
    private static let version: UInt8 = 1

    private struct Assignment {
        var occurred: Timestamp
        var position: Position
        var team: String
    }

    private var assignments: [Assignment] = []
    private var isCut = false

    init() {}

    var isEmpty: Bool { assignments.isEmpty }

    /// Writes the key of the agent whom an event is about; tells whether there is one.
    static func writeKey(_ event: borrowing EventView, to key: inout [UInt8]) -> Bool {
        guard let agent = event.bytes("agent") else { return false }
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: agent)
        return true
    }

    /// Takes an `agent.assigned`. Where there are too many, those go first that say what the one
    /// before says, then the oldest.
    mutating func take(_ event: borrowing EventView) {
        guard let team = event.text("team"),
            team.utf8.count <= MetricLimits.dimensionBytesMax
        else { return }
        let place =
            assignments.firstIndex {
                ($0.occurred, $0.position) > (event.occurred, event.position)
            } ?? assignments.count
        assignments.insert(
            Assignment(occurred: event.occurred, position: event.position, team: team), at: place)
        guard assignments.count > MetricLimits.assignmentsKept else { return }
        var changes: [Assignment] = []
        for assignment in assignments where changes.last?.team != assignment.team {
            changes.append(assignment)
        }
        assignments = changes
        if assignments.count > MetricLimits.assignmentsKept {
            assignments.removeFirst()
            isCut = true
        }
    }

    /// The team as of a moment; empty before the first, unless older ones were forgotten: then the
    /// oldest that is kept holds.
    func team(at moment: Timestamp) -> String {
        let known = assignments.last { $0.occurred <= moment } ?? (isCut ? assignments.first : nil)
        return known?.team ?? ""
    }

    /// When they were assigned.
    var moments: [Timestamp] { assignments.map(\.occurred) }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "assignment row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("assignment row version", at: 0)
        }
        isCut = try reader.byte() == 1
        for _ in 0..<(try reader.count()) {
            let occurred = try reader.moment()
            let position = Position(try reader.varint())
            assignments.append(
                Assignment(occurred: occurred, position: position, team: try reader.text()))
        }
        guard reader.isAtEnd else { throw MalformedBytes("assignment row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(isCut ? 1 : 0)
        row.append(varint: UInt64(assignments.count))
        for assignment in assignments {
            row.append(zigzag: assignment.occurred.rawValue)
            row.append(varint: assignment.position.rawValue)
            row.append(text: assignment.team)
        }
    }
}

/// The teams of all agents, through time.
struct AgentTeams {
    private var agents: [String: AssignmentRow] = [:]

    /// None.
    init() {}

    /// Reads those of a view.
    init<Reader: ViewReader & ~Copyable>(in reader: borrowing Reader) throws(ViewFault) {
        let start = [AssignmentRow.prefix]
        try reader.rows(from: start, below: [AssignmentRow.prefix + 1]) {
            (key, row) throws(ViewFault) in
            agents[try key.keyText(at: 1).text] = try AssignmentRow.decoded(row)
            return true
        }
    }

    /// When the team of an agent may have changed.
    func changes(of agent: String) -> [Timestamp] { agents[agent]?.moments ?? [] }

    /// The team of an agent as of a moment; empty where nobody has said it.
    func team(of agent: String, at moment: Timestamp) -> String {
        agents[agent]?.team(at: moment) ?? ""
    }
}
