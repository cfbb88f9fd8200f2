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
        guard let first = places.first else { return }
        unsafe withUnsafeBytes { all in
            var common = Int(first.count)
            for place in places { unsafe common = Self.common(all, first, place, atMost: common) }
            for index in places.indices {
                unsafe places[index].head = Self.head(all, places[index].range, behind: common)
            }
            Self.sortByHead(&places)
            var start = 0
            while start < places.count {
                var end = start + 1
                while end < places.count, places[end].head == places[start].head { end += 1 }
                if end - start > 1 {
                    places[start..<end].sort { left, right in
                        let order = unsafe Self.order(all, left, right)
                        return order == 0 ? left.owner < right.owner : order < 0
                    }
                }
                start = end
            }
        }
    }

    /// Sorts by the heads alone, a byte at a time from the last: no comparison, whose outcome a
    /// processor cannot foresee, and nothing for bytes in which all are the same.
    private static func sortByHead(_ places: inout [KeyPlace]) {
        guard places.count > 64 else { return places.sort { $0.head < $1.head } }
        var counts = [UInt32](repeating: 0, count: 8 * 256)
        for place in places {
            for digit in 0..<8 {
                counts[digit << 8 | Int(truncatingIfNeeded: place.head >> (digit << 3) & 0xFF)] += 1
            }
        }
        var sorted = places
        for digit in 0..<8 {
            let all = UInt32(places.count)
            let range = digit << 8..<(digit + 1) << 8
            guard !counts[range].contains(all) else { continue }
            var next: UInt32 = 0
            for value in range {
                let count = counts[value]
                counts[value] = next
                next += count
            }
            for place in places {
                let value = digit << 8 | Int(truncatingIfNeeded: place.head >> (digit << 3) & 0xFF)
                sorted[Int(counts[value])] = place
                counts[value] += 1
            }
            swap(&sorted, &places)
        }
    }

    private static func common(
        _ all: UnsafeRawBufferPointer, _ left: KeyPlace, _ right: KeyPlace, atMost most: Int
    ) -> Int {
        let most = Swift.min(most, Int(right.count))
        var length = 0
        while length < most {
            let byte = unsafe all[Int(left.start) + length]
            guard unsafe byte == all[Int(right.start) + length] else { break }
            length += 1
        }
        return length
    }

    private static func head(
        _ all: UnsafeRawBufferPointer, _ key: Range<Int>, behind common: Int
    ) -> UInt64 {
        var head: UInt64 = 0
        for byte in key.lowerBound + common..<key.lowerBound + common + 8 {
            let next = byte < key.upperBound ? unsafe all[byte] : 0
            head = head << 8 | UInt64(next)
        }
        return head
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
