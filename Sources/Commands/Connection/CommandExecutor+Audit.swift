/// Calls that only privacy and operators may make are told to whoever keeps the daemon's log: who made
/// them, and what became of them. Nothing of their arguments, which may be personal.
extension CommandExecutor {
    /// Tells of a call that has ended.
    func audit(_ command: CommandDefinition, _ session: Session, _ outcome: CallOutcome) {
        guard command.isAudited else { return }
        audit(command.name, session, outcome)
    }

    /// Tells of a call of a part of a command, `CONSUMER|GIVE` or `CLOCK|ACCEPT`, that only operators may make.
    func audit(_ name: String, _ session: Session, _ outcome: CallOutcome) {
        if case .refused("NOPERM") = outcome {
            // Who may not call may call for ever: once a connection is enough to be found.
            guard !session.hasBeenAudited else { return }
            session.hasBeenAudited = true
        }
        environment.audit(session, name, outcome)
    }
}

/// What became of a call.
public enum CallOutcome: Equatable, Sendable {
    /// It was answered.
    case done
    /// It was refused, with a code.
    case refused(String)

    /// One word for a log.
    public var word: String {
        switch self {
        case .done: "OK"
        case .refused(let code): code
        }
    }
}

extension CommandDefinition {
    /// Whether who calls it, and when, is kept.
    fileprivate var isAudited: Bool { role == .privacy || role == .operator }
}
