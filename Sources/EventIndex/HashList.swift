/// Hashes in the order they came, found by value; only the newest can be taken out again.
///
/// Chained hashing in flat arrays: a bucket names its newest hash, each hash the one of its bucket
/// before it. So the newest hash stands at the head of its bucket's chain, and taking it out puts
/// back what was there before it came.
struct HashList {
    private(set) var hashes: [KeyHash] = []
    /// For each hash, 1 + the index of the one before it in its bucket, 0 for none.
    private var olders: [UInt32] = []
    /// For each bucket, 1 + the index of its newest hash, 0 for none; a power of two of them, at
    /// least as many as hashes.
    private var newests: [UInt32]

    private static let bucketsMin = 1_024

    init() { newests = Array(repeating: 0, count: Self.bucketsMin) }

    var count: Int { hashes.count }

    /// The memory it takes.
    var byteCount: Int {
        hashes.capacity * MemoryLayout<KeyHash>.stride
            + (olders.capacity + newests.capacity) * MemoryLayout<UInt32>.stride
    }

    private func bucket(_ hash: KeyHash) -> Int {
        Int(truncatingIfNeeded: hash.low) & (newests.count &- 1)
    }

    /// Returns the index of the newest such hash, or nil.
    func newest(_ hash: KeyHash) -> Int? { find(hash, from: newests[bucket(hash)]) }

    /// Returns the index of the newest hash before this index that equals the one there, or nil.
    func older(than index: Int) -> Int? { find(hashes[index], from: olders[index]) }

    private func find(_ hash: KeyHash, from start: UInt32) -> Int? {
        var link = start
        while link != 0 {
            let index = Int(link) &- 1
            if hashes[index] == hash { return index }
            link = olders[index]
        }
        return nil
    }

    mutating func append(_ hash: KeyHash) {
        if hashes.count == newests.count { grow() }
        let bucket = bucket(hash)
        hashes.append(hash)
        olders.append(newests[bucket])
        newests[bucket] = UInt32(truncatingIfNeeded: hashes.count)
    }

    mutating func removeLast() {
        let hash = hashes.removeLast()
        newests[bucket(hash)] = olders.removeLast()
    }

    private mutating func grow() {
        newests = Array(repeating: 0, count: newests.count * 2)
        for (index, hash) in hashes.enumerated() {
            let bucket = bucket(hash)
            olders[index] = newests[bucket]
            newests[bucket] = UInt32(truncatingIfNeeded: index + 1)
        }
    }
}
