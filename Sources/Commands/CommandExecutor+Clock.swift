internal import EventLog
internal import EventModel
internal import RESP
internal import Views

/// CLOCK: what the clocks say, and an operator's word that the wall clock is right.
extension CommandExecutor {
    func runClock(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) {
        switch try arguments.text("subcommand")?.uppercased() {
        case nil: break
        case "ACCEPT":
            guard session.role.may(.operator) else {
                let refusal = CommandError.notPermitted("CLOCK ACCEPT", needs: .operator)
                audit("CLOCK|ACCEPT", session, .refused(refusal.code.description))
                throw refusal
            }
            environment.clock.accept()
            audit("CLOCK|ACCEPT", session, .done)
        default:
            throw .badArgument(command.name, argument: "subcommand", expected: "ACCEPT or left out")
        }
        session.replies.bulk(clockDocument())
    }

    private func clockDocument() -> [UInt8] {
        let (state, wall, recorded) = environment.clock.look()
        var json = JSONWriter()
        json.beginObject()
        json.field("position", log.head.position)
        json.field("state", state.word)
        json.field("step_ms", state.milliseconds)
        json.field("wall", wall.rfc3339)
        json.field("recorded", state.refuses ? nil : recorded.rfc3339)
        let newest = log.head.position > .zero ? writer.newestRecorded.rfc3339 : nil
        json.field("newest_recorded", newest)
        json.endObject()
        return json.bytes
    }

    /// The lines of INFO.
    var clockLines: [(String, String)] {
        let state = environment.clock.look().state
        return [("clock", state.word), ("clock_step_ms", "\(state.milliseconds ?? 0)")]
    }
}

extension RecordedClock.State {
    /// One word for it.
    fileprivate var word: String {
        switch self {
        case .followed: "followed"
        case .stepped: "stepped"
        case .behind: "behind"
        case .ahead: "ahead"
        }
    }

    /// How far the wall clock lies after what it should say; negative when before it.
    fileprivate var milliseconds: Int64? {
        switch self {
        case .followed: nil
        case .stepped(let milliseconds), .ahead(let milliseconds): milliseconds
        case .behind(let milliseconds): -milliseconds
        }
    }
}
