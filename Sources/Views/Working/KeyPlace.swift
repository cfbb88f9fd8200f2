internal import EventModel
internal import Glibc

/// A key among many that lie in one array behind each other.
struct KeyPlace {
    let start: UInt32
    let count: UInt32
    /// Whose key it is; of equal keys the lower number comes first.
    let owner: UInt32
    /// Bytes of the key that tell most keys apart, for sorting.
    fileprivate var head: UInt64 = 0

    init(start: Int, count: Int, owner: Int) {
        self.start = UInt32(start)
        self.count = UInt32(count)
        self.owner = UInt32(owner)
    }

    fileprivate var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

/// An array of keys behind each other.
extension [UInt8] {
    /// Tells whether the key at a place is this one.
    func holds(_ key: [UInt8], at start: Int, count length: Int) -> Bool {
        // An empty key has no address and nothing to compare.
        guard key.count == length, length > 0 else { return key.count == length }
        return unsafe withUnsafeBytes { all in
            unsafe key.withUnsafeBytes { key in
                unsafe memcmp(all.baseAddress! + start, key.baseAddress!, length) == 0
            }
        }
    }

    /// Sorts places by their keys' bytes.
    ///
    /// Most comparisons are of one word: the eight bytes behind what all keys start with.
    func sort(_ places: inout [KeyPlace]) {
        unsafe withUnsafeBytes { all in
            unsafe places.withUnsafeMutableBufferPointer { unsafe Self.sort($0, all) }
        }
    }

    private static func sort(
        _ places: UnsafeMutableBufferPointer<KeyPlace>, _ all: UnsafeRawBufferPointer
    ) {
        guard let first = unsafe places.first else { return }
        var common = Int(first.count)
        for index in places.indices {
            common = unsafe Self.common(all, first, places[index], atMost: common)
        }
        for index in places.indices {
            unsafe places[index].head = head(all, places[index].range, behind: common)
        }
        unsafe sortByHead(places)
        var start = 0
        while start < places.count {
            var end = start + 1
            while unsafe end < places.count && places[end].head == places[start].head { end += 1 }
            if end - start > 1 {
                var same = unsafe UnsafeMutableBufferPointer(rebasing: places[start..<end])
                unsafe same.sort { left, right in
                    let order = unsafe Self.order(all, left, right)
                    return order == 0 ? left.owner < right.owner : order < 0
                }
            }
            start = end
        }
    }

    /// Sorts by the heads alone, a byte at a time from the last: no comparison, whose outcome a
    /// processor cannot foresee, and nothing for bytes in which all are the same.
    private static func sortByHead(_ places: UnsafeMutableBufferPointer<KeyPlace>) {
        guard places.count > 64 else {
            var places = unsafe places
            return unsafe places.sort { $0.head < $1.head }
        }
        var varying: UInt64 = 0
        for index in places.indices { unsafe varying |= places[index].head ^ places[0].head }
        unsafe withUnsafeTemporaryAllocation(of: KeyPlace.self, capacity: places.count) { room in
            unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256) { next in
                var (from, to) = unsafe (places, room)
                for shift in stride(from: 0, to: UInt64.bitWidth, by: 8)
                where varying >> UInt64(shift) & 0xFF != 0 {
                    unsafe move(from, to, by: UInt64(shift), next)
                    unsafe swap(&from, &to)
                }
                if unsafe from.baseAddress != places.baseAddress {
                    unsafe _ = places.update(fromContentsOf: from)
                }
            }
        }
    }

    /// Moves places into the order of one byte of their heads; those that are alike in it stay in the
    /// order in which they were.
    private static func move(
        _ from: UnsafeMutableBufferPointer<KeyPlace>, _ to: UnsafeMutableBufferPointer<KeyPlace>,
        by shift: UInt64, _ next: UnsafeMutableBufferPointer<UInt32>
    ) {
        unsafe next.initialize(repeating: 0)
        for index in from.indices {
            unsafe next[Int(truncatingIfNeeded: from[index].head >> shift & 0xFF)] += 1
        }
        var start: UInt32 = 0
        for value in 0..<256 {
            let count = unsafe next[value]
            unsafe next[value] = start
            start += count
        }
        for index in from.indices {
            let value = unsafe Int(truncatingIfNeeded: from[index].head >> shift & 0xFF)
            unsafe to.initializeElement(at: Int(next[value]), to: from[index])
            unsafe next[value] += 1
        }
    }

    /// How many of the first bytes of two keys are the same.
    private static func common(
        _ all: UnsafeRawBufferPointer, _ left: KeyPlace, _ right: KeyPlace, atMost most: Int
    ) -> Int {
        let most = Swift.min(most, Int(right.count))
        var length = 0
        while length < most {
            let (left, right) = (Int(left.start) + length, Int(right.start) + length)
            if Swift.max(left, right) + 8 <= all.count {
                let differing = unsafe word(all, left) ^ word(all, right)
                guard differing == 0 else {
                    return Swift.min(most, length + differing.leadingZeroBitCount / 8)
                }
                length += 8
            } else {
                guard unsafe all[left] == all[right] else { return length }
                length += 1
            }
        }
        return most
    }

    /// The eight bytes of a key behind what all have in common, zeroes behind its end.
    private static func head(
        _ all: UnsafeRawBufferPointer, _ key: Range<Int>, behind common: Int
    ) -> UInt64 {
        let start = key.lowerBound + common
        let rest = key.upperBound - start
        if start + 8 <= all.count {
            let word = unsafe word(all, start)
            return rest >= 8 ? word : word & ~(UInt64.max >> UInt64(rest * 8))
        }
        var head: UInt64 = 0
        for byte in start..<start + 8 {
            let next = byte < key.upperBound ? unsafe all[byte] : 0
            head = head << 8 | UInt64(next)
        }
        return head
    }

    private static func word(_ all: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        unsafe UInt64(bigEndian: all.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private static func order(
        _ all: UnsafeRawBufferPointer, _ left: KeyPlace, _ right: KeyPlace
    ) -> Int {
        let common = Int(Swift.min(left.count, right.count))
        guard common > 0, let base = all.baseAddress else {
            return Int(left.count) - Int(right.count)
        }
        let order = unsafe memcmp(base + Int(left.start), base + Int(right.start), common)
        return order == 0 ? Int(left.count) - Int(right.count) : Int(order)
    }
}
