internal import EventModel

/// Whom events with one identifier belong to, for a fold that reads behind the identity view.
///
/// What an identifier's last holding says at one position, it says at all up to the state of the
/// view that it was read from: what comes later begins a new holding. So an answer stays good while
/// the fold goes on, in any later state of the same view, and is asked again beyond. Erasure alone
/// changes what was: behind it all views are folded anew, and with the new identity view another
/// memo begins. Of two identifiers that fall on one place the later is kept.
public final class HolderMemo {
    private struct Entry {
        var hash: UInt32 = 0
        var byteCount: UInt32 = 0
        /// The positions it is good for; none in a free entry.
        var from = Position(.max)
        var through = Position.zero
        var customer = CustomerID(rawValue: 0)
    }

    private static let entryCount = 16_384
    private static let bytesMax = 48

    private var entries = [Entry](repeating: Entry(), count: entryCount)
    /// `bytesMax` for each entry: the identifier as events hold it.
    private var bytes = [UInt8](repeating: 0, count: entryCount * bytesMax)

    /// Makes one that knows nothing.
    public init() {}

    /// The customer of an event's identifiers, where it is known.
    func customer(of event: borrowing EventView) -> CustomerID? {
        let identifiers = event.identifierBytes
        let hash = KeyIndex.hash(identifiers)
        let place = Int(hash) & (Self.entryCount - 1)
        guard entries[place].hash == hash, entries[place].from <= event.position,
            event.position <= entries[place].through,
            Int(entries[place].byteCount) == identifiers.byteCount
        else { return nil }
        let start = place * Self.bytesMax
        let all = bytes
        let isSame = unsafe all.span.bytes.extracting(start..<start + identifiers.byteCount)
            .equals(identifiers)
        return isSame ? entries[place].customer : nil
    }

    /// Keeps the customer of an event's only identifier.
    ///
    /// - Parameter last: Up to where it belongs to the same.
    func note(_ customer: CustomerID, of event: borrowing EventView, through last: Position) {
        let identifiers = event.identifierBytes
        guard identifiers.byteCount <= Self.bytesMax, event.position <= last else { return }
        let hash = KeyIndex.hash(identifiers)
        let place = Int(hash) & (Self.entryCount - 1)
        entries[place] = Entry(
            hash: hash, byteCount: UInt32(identifiers.byteCount), from: event.position,
            through: last, customer: customer)
        let start = place * Self.bytesMax
        for offset in 0..<identifiers.byteCount { bytes[start + offset] = identifiers[offset] }
    }
}
