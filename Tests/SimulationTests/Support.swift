import EventModel
import Simulation

/// 2 March 2026, midnight UTC.
let midnight = Timestamp(milliseconds: 1_772_409_600_000)

/// All events of a run.
func events(of options: SimulationOptions) -> [EventDraft] {
    Array(IteratorSequence(ShopSimulation(options)))
}

/// The default day; simulated once for all tests.
let defaultDay = events(of: SimulationOptions(start: midnight))

extension EventDraft {
    /// The text or reference of an attribute.
    func text(_ name: String) -> String? {
        switch self[name] {
        case .text(let text), .ref(let text): text
        default: nil
        }
    }

    var moment: Int64 { occurred?.milliseconds ?? 0 }
}

/// FNV-1a over the words of events, each with its end marked.
struct WordDigest {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ drafts: some Sequence<EventDraft>) {
        var batch = EventBatch()
        for draft in drafts { batch.append(draft) }
        batch.forEachWord { word in
            for offset in 0..<word.byteCount { add(word[offset]) }
            add(0xFF)
        }
    }

    private mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
}
