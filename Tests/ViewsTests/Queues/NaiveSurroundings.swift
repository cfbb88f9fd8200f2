import EventModel
import FoldTesting
import TestSupport

/// What stands around the queues, by plain variables: call backs to be made, whether queues are
/// open, how far the feeds have told. It is told of events in their order.
struct NaiveSurroundings {
    struct CallBack {
        var queue = ""
        var due = Int64.max
        var isOver = false
    }

    struct Feed {
        var highest = Int64.min
        var beaten: Int64?
        var isSilent = false
    }

    private(set) var callBacks: [String: CallBack] = [:]
    private(set) var openings: [String: String] = [:]
    private(set) var feeds: [String: Feed] = [:]
    private(set) var feedsOfQueue: [String: Set<String>] = [:]
    /// The queue that each interaction entered last.
    private var entered: [String: String] = [:]

    mutating func apply(_ happening: Happening, source: String) {
        hear(happening, source)
        switch happening.type {
        case "queue.entered":
            guard let queue = happening.text("queue"), let name = happening.interaction else {
                return
            }
            entered[name] = queue
            feedsOfQueue[queue, default: []].insert(source)
        case "queue.opened", "queue.closed":
            openings[happening.text("queue") ?? ""] = String(happening.type.dropFirst(6))
        case "callback.requested":
            let waited = happening.interaction.flatMap { entered[$0] }
            change(happening) { $0.queue = happening.text("queue") ?? waited ?? "" }
        case "callback.scheduled": change(happening) { _ in }
        case "callback.reached", "callback.failed", "callback.expired", "callback.cancelled":
            guard let name = happening.text("callback_id") else { return }
            callBacks[name, default: CallBack()].isOver = true
        default: break
        }
    }

    private mutating func change(_ happening: Happening, _ body: (inout CallBack) -> Void) {
        guard let name = happening.text("callback_id") else { return }
        let until = happening.time("due_to") ?? happening.time("due_from")
        body(&callBacks[name, default: CallBack()])
        if let until { callBacks[name]?.due = until }
    }

    private mutating func hear(_ happening: Happening, _ source: String) {
        let isOfFeed = happening.type.hasPrefix("source.")
        guard source != "throughline" else {
            if happening.type == "source.silent", let feed = happening.text("feed") {
                feeds[feed, default: Feed()].isSilent = true
            }
            return
        }
        var feed = feeds[source] ?? Feed()
        feed.isSilent = false
        if isOfFeed {
            if let until = happening.time("covered_until") {
                feed.beaten = max(feed.beaten ?? until, until)
            }
        } else {
            feed.highest = max(feed.highest, happening.occurred)
        }
        feeds[source] = feed
    }

    /// Call backs that a queue is to make, those due first.
    func due(in queue: String) -> [String] {
        callBacks.filter { !$0.value.isOver && $0.value.queue == queue }
            .sorted { ($0.value.due, $0.key) < ($1.value.due, $1.key) }.map(\.key)
    }

    /// How far the feeds of a queue have told everything; nil for one that nobody has entered.
    func complete(_ queue: String) -> Int64? {
        feedsOfQueue[queue]?.compactMap { feeds[$0] }.map { $0.beaten ?? $0.highest }.min()
    }

    /// Which feeds of a queue are silent.
    func silent(_ queue: String) -> [String] {
        (feedsOfQueue[queue] ?? []).filter { feeds[$0]?.isSilent ?? false }.sorted()
    }
}

extension ShopDay {
    /// A day with every event, told by two feeds that beat now and then and once fall silent, while
    /// queues close and open.
    static func withSurroundings(seed: UInt64) -> [(happening: Happening, source: String)] {
        var random = SeededGenerator(seed: seed &+ 77)
        let happenings = withEveryEvent(seed: seed)
        let queues = Set(happenings.compactMap { $0.text("queue") }).sorted()
        var all: [(Happening, String)] = []
        for happening in happenings {
            let moment = happening.occurred
            all.append((happening, happening.type.hasPrefix("queue.") ? "acd" : "desk"))
            switch Int.random(in: 0..<40, using: &random) {
            case 0:
                let until = Timestamp(milliseconds: moment - 30_000)
                let feed = Bool.random(using: &random) ? "acd" : "desk"
                all.append(
                    (
                        Happening(
                            "source.heartbeat", moment, nil, ["covered_until": .time(until)]), feed
                    ))
            case 1:
                all.append(
                    (Happening("source.silent", moment, nil, ["feed": .ref("acd")]), "throughline"))
            case 2:
                let verb = Bool.random(using: &random) ? "opened" : "closed"
                let queue = queues[Int.random(in: 0..<queues.count, using: &random)]
                all.append(
                    (Happening("queue.\(verb)", moment, nil, ["queue": .ref(queue)]), "desk"))
            default: break
            }
        }
        return all
    }
}

extension Happening {
    /// The moment of an attribute, in milliseconds.
    func time(_ name: String) -> Int64? {
        for case (name, .time(let moment)) in attributes { return moment.rawValue }
        return nil
    }
}
