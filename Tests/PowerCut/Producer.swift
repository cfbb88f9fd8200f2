import TestSupport

/// A seeded producer: requests of one event or several, some of them long.
struct Producer {
    /// One request: its events' ids and texts.
    struct Request {
        let events: [(id: String, text: String)]

        /// The command.
        var words: [String] {
            guard events.count > 1 else { return ["APPEND"] + Self.words(events[0]) }
            return events.reduce(into: ["APPENDBATCH", "\(events.count)"]) { words, event in
                let event = Self.words(event)
                words += ["\(event.count)"] + event
            }
        }

        private static func words(_ event: (id: String, text: String)) -> [String] {
            [
                "message.received", "source", "producer", "id", event.id, "interaction",
                "i-\(event.id)", "channel", "chat", "message_id", "m-\(event.id)", "author",
                "customer", "content_type", "text/plain", "DATA", event.text,
            ]
        }
    }

    let requests: [Request]

    /// The last position of each request.
    var ends: [Int] {
        var end = 0
        return requests.map { request in
            end += request.events.count
            return end
        }
    }

    init(requests count: Int, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var next = 0
        requests = (0..<count).map { _ in
            let events = Int.random(in: 0..<4, using: &random) == 0 ? 2...12 : 1...1
            return Request(
                events: (0..<Int.random(in: events, using: &random)).map { _ in
                    next += 1
                    return ("\(next)", Self.text(&random))
                })
        }
    }

    /// Text that hardly compresses: short, or longer than a block, or than several pages.
    private static func text(_ random: inout SeededGenerator) -> String {
        let lengths = [20...400, 20...400, 20...400, 20...400, 2_000...9_000]
        let length = Int.random(in: lengths.randomElement(using: &random)!, using: &random)
        return String((0..<length).map { _ in letters.randomElement(using: &random)! })
    }

    private static let letters = Array(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
}
