internal import EventIndex
internal import EventModel

/// Sums over the entries of an index, one for each window of positions, that do not depend on
/// their order: two sets of entries that differ have different sums but for one case in 2^128.
///
/// The log's side and the index's side are summed in one pass each, in little memory, and only
/// windows that differ are compared entry by entry.
struct EntrySums {
    struct Sum: Equatable {
        var count: UInt64 = 0
        var first: UInt64 = 0
        var second: UInt64 = 0

        @inline(__always)
        mutating func add(_ high: UInt64, _ low: UInt64, _ offset: UInt64) {
            let mixed = Self.mix(high ^ Self.mix(low &+ offset &* 0x9E37_79B9_7F4A_7C15))
            count &+= 1
            first &+= mixed
            second &+= Self.mix(mixed ^ 0xC2B2_AE3D_27D4_EB4F)
        }

        @inline(__always)
        private static func mix(_ value: UInt64) -> UInt64 {
            // The finaliser of SplitMix64.
            var mixed = value
            mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed &>> 31)
        }
    }

    static let positionsPerWindow = IndexLimits.eventsPerRun

    private(set) var ids: [Sum] = []
    private(set) var streams: [Sum] = []

    mutating func add(id high: UInt64, at offset: UInt64) {
        let window = Int(offset / Self.positionsPerWindow)
        Self.reach(window, &ids)
        ids[window].add(high, 0, offset)
    }

    mutating func add(stream: KeyHash, at offset: UInt64) {
        let window = Int(offset / Self.positionsPerWindow)
        Self.reach(window, &streams)
        streams[window].add(stream.high, stream.low, offset)
    }

    private static func reach(_ window: Int, _ sums: inout [Sum]) {
        while sums.count <= window { sums.append(Sum()) }
    }

    func ids(_ window: Int) -> Sum { window < ids.count ? ids[window] : Sum() }
    func streams(_ window: Int) -> Sum { window < streams.count ? streams[window] : Sum() }
}
