import Foundation

/// Hides what differs from run to run, once for all transcripts.
enum Mask {
    private static let patterns = [
        // The moment of asking and the store's own clock.
        (#""(now|recorded|heard|wall|newest_recorded)":"[^"]*""#, #""$1":"<time>""#),
        // What stands for an erased person.
        (#""surrogate":"[^"]*""#, #""surrogate":"<surrogate>""#),
        // When a consumer was created; interactions say so of times that are given.
        (#"("channels":\[[^\]]*\],"created"):"[^"]*""#, #"$1:"<time>""#),
        (#"clock says [^ ,]*, [0-9]+ ms"#, "clock says <time>, <n> ms"),
        (#""occurred":"[^"]*","occurred_unsaid""#, #""occurred":"<time>","occurred_unsaid""#),
        // Whose a consumer is: who runs the tests.
        (#""owner":[0-9]+"#, #""owner":<uid>"#),
        // Durations that still run, from times long past.
        (#""([a-z_]+_ms)":[0-9]{9,}"#, #""$1":<running>"#),
        // What a role does not see: by a key of the store's own.
        (#""~[a-z2-7]{16}""#, #""~<mask>""#),
        // How fast and how large views are.
        (#""(events_per_second|bytes|map_bytes)":[0-9]+"#, #""$1":<n>"#),
        (#"lies [0-9]+ ms ahead"#, "lies <n> ms ahead"),
        // What a view that may lag behind knows of an agent.
        (#"; the agent is [a-z]+ and [a-zA-Z]+ at version [0-9]+, position [0-9]+"#, ""),
        // INFO: lines of name:value.
        (#"^(store_id|store_path|socket|started|newest_recorded):.*$"#, "$1:<masked>"),
        (#"^(uptime_ms|commits|commands|[a-z_]+_bytes|[a-z]+_position):[0-9]+$"#, "$1:<n>"),
        (
            #"^(commit_[a-z0-9]+_us|[a-z]+_flushes|[a-z]+_behind|[a-z]+_behind_ms):[a-z0-9]+$"#,
            "$1:<n>"
        ),
        // CLIENT LIST: who runs the tests, and how long and how much connections hold.
        (#"\b(age|idle|tot-mem|uid)=[0-9]+"#, "$1=<n>"),
        // HELLO: the version and the store's id stand behind their names.
        (#"^(?:[0-9a-f]{32}|[0-9a-f-]{36})$"#, "<store-id>"),
        (#"^1\.0\.0$"#, "<version>"),
    ].map { pattern, template in
        (try? NSRegularExpression(pattern: pattern), template)
    }

    /// Masks the lines of replies. A bulk string whose content is masked loses its length too.
    static func apply(_ lines: [String]) -> [String] {
        var masked = lines.map(apply)
        var header: Int?
        for index in lines.indices {
            if isBulkHeader(lines[index]) { header = index }
            if masked[index] != lines[index], let header { masked[header] = "$<n>" }
        }
        return masked
    }

    private static func isBulkHeader(_ line: String) -> Bool {
        line.hasPrefix("$") && Int(line.dropFirst()) != nil
    }

    private static func apply(_ line: String) -> String {
        patterns.reduce(line) { line, pattern in
            guard let expression = pattern.0 else { return line }
            return expression.stringByReplacingMatches(
                in: line, range: NSRange(line.startIndex..., in: line), withTemplate: pattern.1)
        }
    }
}
