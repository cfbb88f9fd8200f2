/// What operators use.
extension CommandTable {
    static let operate = [
        make(
            "PROJECTIONS", .operate, .projections, "Tells how far each view is.",
            reply: "JSON document"),
        make(
            "REBUILD", .operate, .rebuild, role: .operator,
            "Folds a view anew from the first event, beside the one in use, whose place it then takes; "
                + "identity is followed by all others.",
            [.value("projection")], reply: "OK; PROJECTIONS tells how far it is"),
        make(
            "LIMITS", .operate, .limits,
            "Shows every limit, its value, how often it was met, and what happens then.",
            reply: "JSON document"),
        make(
            "SEAL", .operate, .seal, role: .operator,
            "Ends the newest segment, which is then packed for good; INFO says how far that is.",
            reply: "the last position of the segment"),
        make(
            "BACKUP", .operate, .backup, role: .operator,
            "Begins a backup of the log under a name; without one it tells how the newest stands.",
            [.value("name", optional: true)], reply: "OK, or a JSON document"),
        make(
            "CLOCK", .operate, .clock,
            "Tells whether the machine's clock is followed; ACCEPT follows it (operators only).",
            [.value("subcommand", optional: true)], reply: "JSON document"),
        make(
            "SHUTDOWN", .operate, .shutdown, role: .operator,
            "Commits what is staged, stops the views at a checkpoint and ends the daemon.",
            reply: "OK, then the connection closes"),
    ]
}
