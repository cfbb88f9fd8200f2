internal import EventModel

/// The bounds between fifths of active buyers (DOMAIN §6): score 1 for each, and one more for each bound
/// that is kept: recency at most, others at least.
struct QuintileCuts: Equatable {
    /// Days since the last order, falling.
    var recency: [Int64] = []
    /// Orders within the window, rising.
    var frequency: [Int64] = []
    /// What was spent within the window, rising, in minor units of `currency`.
    var monetary: [Int64] = []
    var currency = ""

    /// Reads those of a definition.
    ///
    /// - Parameter path: What stands before their names.
    init(_ definition: DefinitionRecord, under path: String = "") {
        recency = definition.numbers(path + "recency_days")
        frequency = definition.numbers(path + "frequency")
        monetary = definition.numbers(path + "monetary")
        currency = definition.text(path + "monetary_currency") ?? ""
    }

    init() {}

    /// Writes them as members of `values`.
    func writeMembers(to json: inout JSONWriter) {
        for (name, cuts) in [
            ("recency_days", recency), ("frequency", frequency), ("monetary", monetary),
        ] as [(StaticString, [Int64])] {
            json.key(name)
            json.beginArray()
            for cut in cuts { json.value(cut) }
            json.endArray()
        }
    }
}

/// What is measured of active buyers, from which their quintiles are told.
struct BuyerSample {
    private(set) var count = 0
    private var recencies: [Int64] = []
    private var frequencies: [Int64] = []
    /// What was spent, by the currency of the last order.
    private var sums: [String: [Int64]] = [:]

    /// Takes a buyer.
    ///
    /// - Parameter sum: What they have spent within the window, in the currency of their last order.
    mutating func take(recency: Int64, frequency: Int, sum: Money) {
        count += 1
        recencies.append(recency)
        frequencies.append(Int64(frequency))
        sums[sum.currency, default: []].append(sum.minorUnits)
    }

    /// The bounds.
    ///
    /// - Parameter currency: Of what was spent; nil for that of the most buyers, of as many the first by
    ///   name.
    func cuts(in currency: String? = nil) -> QuintileCuts {
        var cuts = QuintileCuts()
        cuts.recency = Self.cuts(recencies, highIsGood: false)
        cuts.frequency = Self.cuts(frequencies, highIsGood: true)
        let most = sums.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key
        cuts.currency = currency ?? most ?? ""
        cuts.monetary = Self.cuts(sums[cuts.currency] ?? [], highIsGood: true)
        return cuts
    }

    /// The bounds between fifths.
    ///
    /// - Parameter highIsGood: Whether a value belongs to a better fifth from a bound on, or up to it:
    ///   equal values belong to the better one.
    static func cuts(_ unordered: [Int64], highIsGood: Bool) -> [Int64] {
        let values = unordered.sorted()
        guard let least = values.first, let greatest = values.last else { return [] }
        var cuts: [Int64] = []
        for fifth in 1...4 {
            let cut =
                highIsGood
                ? values[values.count * fifth / 5] : values[(values.count * fifth + 4) / 5 - 1]
            // A bound that everybody keeps parts nobody.
            if cut != (highIsGood ? least : greatest), cut != cuts.last { cuts.append(cut) }
        }
        return cuts
    }
}
