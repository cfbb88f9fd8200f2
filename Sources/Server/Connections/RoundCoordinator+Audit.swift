internal import Commands
internal import Logging
internal import NIOCore

extension RoundCoordinator {
    /// Logs a call that only privacy and operators may make, whatever level the log has: who may set
    /// that shall not be able to call unseen by accident.
    /// Those of peers who may not make them are paced: they could be made for ever.
    func audit(_ session: Session, _ command: String, _ outcome: CallOutcome) {
        if case .refused("NOPERM") = outcome {
            guard lines.takes(.notPermitted, NIODeadline.now().uptimeNanoseconds) else { return }
        }
        var logger = logger
        logger.logLevel = min(logger.logLevel, .notice)
        let handler = handlers[session.id]
        logger.notice(
            "privileged call",
            metadata: [
                "command": "\(command)", "outcome": "\(outcome.word)",
                "connection": "\(session.id)", "role": "\(session.role.rawValue)",
                "uid": "\(handler?.user ?? 0)", "pid": "\(handler?.peer.process ?? 0)",
            ])
    }
}
