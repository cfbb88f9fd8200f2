internal import EventModel
public import Zstd

/// Makes the compression dictionary that a store's first segment starts with.
///
/// It is trained on simulated events as the log packs them, so that all that is personal in it is
/// made up. The same libzstd gives the same bytes, always.
public enum DictionaryTraining {
    /// The bytes of the dictionary: it is stored in each store, and loaded for each reader.
    public static let dictionaryBytes = 16_384
    /// The most bytes of records in one sample: as many as the log packs into a block.
    public static let blockBytes = 4_096

    /// Several shops' days, so that nothing that a run gives its names from is learnt.
    private static let seeds: ClosedRange<UInt64> = 101...108

    /// Trains the dictionary.
    ///
    /// - Throws: What zstd refuses. Complexity: some seconds.
    public static func train() throws(ZstdError) -> [UInt8] {
        let samples = samples()
        return try unsafe CompressionDictionary.train(
            joined: samples.bytes.span.bytes, sizes: samples.sizes, capacity: dictionaryBytes)
    }

    /// The blocks it is trained on, one behind the other, and their sizes.
    static func samples() -> (bytes: [UInt8], sizes: [Int]) {
        var bytes: [UInt8] = []
        var sizes: [Int] = []
        for seed in seeds { pack(options(seed: seed), &bytes, &sizes) }
        return (bytes, sizes)
    }

    /// People of numbers that no demonstration uses, all of them with telephones kept for fiction;
    /// another month for each seed.
    private static func options(seed: UInt64) -> SimulationOptions {
        let month = Int64(seed - seeds.lowerBound) * 31 * .day
        var options = SimulationOptions(
            seed: seed, start: Timestamp(milliseconds: 1_767_225_600_000 + month), customers: 500)
        options.firstCustomer = 40_000 + Int(seed - seeds.lowerBound) * 500
        return options
    }

    private static func pack(
        _ options: SimulationOptions, _ bytes: inout [UInt8], _ sizes: inout [Int]
    ) {
        var simulation = ShopSimulation(options)
        var intake = EventIntake()
        var position = Position(options.seed * 100_003)
        var blockStart = bytes.count
        while let draft = simulation.next() {
            let start = bytes.count
            do throws(EventRefusal) {
                try draft.encode(with: &intake, into: &bytes)
            } catch {
                preconditionFailure("the simulation made an event that the log refuses: \(error)")
            }
            // Recorded a little after it happened, as by a feed without much delay.
            let delay = Int64(position.rawValue &* 7_919 % 180)
            let recorded = draft.occurred ?? options.start
            EventCodec.stamp(
                &bytes, at: start, position: position,
                recorded: recorded.advanced(byMilliseconds: delay))
            position = position.next
            if bytes.count - blockStart > blockBytes, start > blockStart {
                sizes.append(start - blockStart)
                blockStart = start
            }
        }
        if bytes.count > blockStart { sizes.append(bytes.count - blockStart) }
    }
}
