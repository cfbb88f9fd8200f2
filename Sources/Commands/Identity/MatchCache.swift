internal import EventModel
internal import Views

/// Whom identifiers showed that were asked for last, for who asks again before anybody's identity
/// has moved. One thread's.
final class MatchCache {
    /// Whom one showed. A class, so that handing it on counts one reference.
    final class Entry {
        fileprivate let identifier: [UInt8]
        fileprivate let state: ViewState
        let match: PersonMatch

        fileprivate init(_ identifier: [UInt8], _ state: ViewState, _ match: PersonMatch) {
            self.identifier = identifier
            self.state = state
            self.match = match
        }
    }

    /// By a hash of the identifier: of two with the same one the later is kept. Two generations: the
    /// older one goes when the younger is full.
    private var young: [Int: Entry] = [:]
    private var old: [Int: Entry] = [:]
    private let countMax: Int

    /// Makes an empty cache.
    init(countMax: Int = CommandLimits.keptMatchesMax) { self.countMax = countMax }

    /// Returns whom an identifier shows, if that is known of the state. Nothing is allocated.
    func entry(_ identifier: RawSpan, in state: ViewState) -> Entry? {
        let hash = Self.hash(identifier)
        guard let entry = young[hash] ?? old[hash], entry.state == state else { return nil }
        let known = entry.identifier
        return unsafe known.span.bytes.equals(identifier) ? entry : nil
    }

    /// Returns whom an identifier shows, if that is known of the state.
    func match(_ identifier: [UInt8], in state: ViewState) -> PersonMatch? {
        unsafe entry(identifier.span.bytes, in: state)?.match
    }

    /// Keeps whom an identifier shows. Few have more customers or candidates than are kept.
    func keep(_ match: PersonMatch, of identifier: [UInt8], in state: ViewState) {
        guard match.customers.count + match.candidates.count <= CommandLimits.keptMatchPersonsMax
        else { return }
        let hash = unsafe Self.hash(identifier.span.bytes)
        young[hash] = Entry(identifier, state, match)
        guard young.count > countMax / 2 else { return }
        old = young
        young = [:]
    }

    private static func hash(_ identifier: RawSpan) -> Int {
        var hasher = Hasher()
        unsafe identifier.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    /// How many are kept.
    var count: Int { young.count + old.count }
}
