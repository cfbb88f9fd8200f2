internal import Views

/// Whom identifiers showed that were asked for last, for who asks again before anybody's identity
/// has moved. One thread's.
final class MatchCache {
    private struct Entry {
        let state: ViewState
        let match: PersonMatch
    }

    /// Two generations: the older one goes when the younger is full.
    private var young: [[UInt8]: Entry] = [:]
    private var old: [[UInt8]: Entry] = [:]
    private let countMax: Int

    /// Makes an empty cache.
    init(countMax: Int = CommandLimits.keptMatchesMax) { self.countMax = countMax }

    /// Returns whom an identifier shows, if that is known of the state.
    func match(_ identifier: [UInt8], in state: ViewState) -> PersonMatch? {
        guard let entry = young[identifier] ?? old[identifier], entry.state == state else {
            return nil
        }
        return entry.match
    }

    /// Keeps whom an identifier shows. Few have more customers or candidates than are kept.
    func keep(_ match: PersonMatch, of identifier: [UInt8], in state: ViewState) {
        guard match.customers.count + match.candidates.count <= CommandLimits.keptMatchPersonsMax
        else { return }
        young[identifier] = Entry(state: state, match: match)
        guard young.count > countMax / 2 else { return }
        old = young
        young = [:]
    }

    /// How many are kept.
    var count: Int { young.count + old.count }
}
