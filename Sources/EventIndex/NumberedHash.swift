/// A hash and its place in a list, ordered as a run's leaves are: ids by the first half and then
/// the place, streams, which differ in all 128 bits, by those.
struct NumberedHash {
    let hash: KeyHash
    let number: UInt32

    /// Returns the hashes of a run's ids in the order of its leaves.
    static func ids(_ hashes: [KeyHash]) -> [NumberedHash] {
        numbered(hashes).sorted {
            $0.hash.high != $1.hash.high ? $0.hash.high < $1.hash.high : $0.number < $1.number
        }
    }

    /// Returns the hashes of a run's streams in the order of its leaves.
    static func streams(_ hashes: [KeyHash]) -> [NumberedHash] {
        numbered(hashes).sorted { $0.hash < $1.hash }
    }

    private static func numbered(_ hashes: [KeyHash]) -> [NumberedHash] {
        hashes.enumerated().map { NumberedHash(hash: $0.element, number: UInt32($0.offset)) }
    }
}
