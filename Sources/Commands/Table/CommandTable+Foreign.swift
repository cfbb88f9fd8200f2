/// Words of Redis that people and clients say here by habit, and what does here what they want. Who
/// is told no more than that a word is unknown looks for a mistake of spelling.
extension CommandTable {
    /// What to say instead of a word that is no command.
    func hint(_ name: String) -> String {
        if let foreign = Self.foreign[name.uppercased()] { return foreign }
        return near(name).map { "did you mean \($0)?" } ?? "COMMAND LIST names them all"
    }

    private static let foreign: [String: String] = {
        let groups: [(words: [String], hint: String)] = [
            (
                ["MULTI", "EXEC", "DISCARD"],
                "there are no transactions, what stands between is done one by one: have the client "
                    + "pipeline without them, APPENDBATCH records several events, all or none"
            ),
            (["WATCH", "UNWATCH"], "EXPECT of APPEND guards a stream by its version"),
            (
                ["SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "MONITOR"],
                "FOLLOW pushes events and documents, behind HELLO 3"
            ),
            (["UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE"], "UNFOLLOW ends a follow"),
            (
                ["XADD", "PUBLISH", "LPUSH", "RPUSH"],
                "APPEND type source s id i … records an event"
            ),
            (
                ["XREAD", "XRANGE", "XLEN"],
                "EVENTS FROM position reads the log, HEAD tells its end"
            ),
            (["XGROUP", "XREADGROUP", "XACK"], "CONSUMER keeps a reader's place"),
            (
                ["GET", "SET", "MGET", "MSET", "DEL", "EXISTS", "KEYS", "SCAN", "TYPE", "HGET"]
                    + ["HGETALL", "HSET"],
                "there are no keys here: CUSTOMER, QUEUE and others read views, APPEND records "
                    + "events"
            ),
            (["DBSIZE"], "HEAD tells how many events there are"),
            (["TIME"], "CLOCK tells the time by which events are recorded"),
            (
                ["CONFIG"],
                "settings hold from the start on: LIMITS and INFO show them, throughlined "
                    + "--check-config who gave each"
            ),
            (["ACL"], "access rules give roles to users and groups: access.rules"),
            (
                ["SAVE", "BGSAVE", "LASTSAVE", "WAITAOF"],
                "what is answered is on disk, INFO log says how; BACKUP makes a copy"
            ),
            (["SLOWLOG", "LATENCY"], "INFO commits tells how long commits take"),
            (["MEMORY"], "INFO memory tells what the daemon holds"),
            (["RESET"], "connect anew"),
            (["HELP"], "COMMAND LIST names all commands, COMMAND DOCS name describes one"),
            (["FLUSHALL", "FLUSHDB"], "a log is not emptied: ERASE forgets a person"),
        ]
        return Dictionary(
            uniqueKeysWithValues: groups.flatMap { group in group.words.map { ($0, group.hint) } })
    }()
}
