/// What records events.
extension CommandTable {
    static let write = [
        make(
            "APPEND", .write, .append, role: .writer,
            "Records one event, once: the same source and id again answers the first position. EXPECT "
                + "refuses it unless the stream has so many events, none, or any.",
            [
                .value("type"), .value("attribute value", multiple: true),
                .option("DATA", "bytes"), .expect,
            ],
            reply: "position; for a repeat an array of the first position and REPEAT"),
        make(
            "APPENDBATCH", .write, .appendBatch, role: .writer,
            "Records several events, all or none, each behind the number of its words. EXPECT guards "
                + "all of them by streams as they are before the first.",
            [
                .value("events", .integer), .value("words", .integer),
                .value("type attribute value", multiple: true), .expect,
            ],
            reply: "array of positions; for a repeat of the whole batch, REPEAT behind them"),
    ]
}
