import Client
import Commands
import EventLog
import EventModel
import Foundation

extension Throughlined {
    /// What holds when nobody says otherwise.
    static var standard: [String: SettingValue] {
        var standard: [String: SettingValue] = [
            "store.path": .text(standardStore),
            "store.durability": .text("\(LogDurability.always)"),
            "store.force_network_filesystem": .flag(false),
            "store.segment_events": .integer(Int(LogLimits.segmentEventsMax)),
            "store.stride_bytes": .integer(LogLimits.strideBytes),
            "store.journal_bytes": .integer(LogLimits.journalBytes),
            "socket.path": .text(DefaultSocket.path),
            "socket.mode": .text("0660"),
            "access.rules": .list([]),
            "redaction.rules": .list([RedactionRule.cardNumber.name]),
            "redaction.patterns": .list([]),
            "access.classes": .list(
                Role.allCases.map { "\($0.rawValue)=\(Disclosure()[$0])" }),
            "privacy.classes": .list([]),
            "privacy.suppression": .flag(true),
            "log.level": .text("info"),
        ]
        for limit in Limit.allCases {
            standard["limits.\(limit.name)"] = .integer(limit.definition.standard)
        }
        return standard
    }

    private static var standardStore: String {
        let environment = ProcessInfo.processInfo.environment
        let state = environment["XDG_STATE_HOME"] ?? NSHomeDirectory() + "/.local/state"
        return state + "/throughline/store"
    }
}
