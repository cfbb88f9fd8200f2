internal import Foundation

extension Comparison {
    static let heading =
        pad("", 16) + pad("system", 18) + lead("per s", 9) + "  " + pad("", 21)
        + lead("ours/it", 8) + lead("spread", 13) + lead("p50 µs", 9) + lead("p99 µs", 9)
        + lead("server µs", 11) + lead("client", 8) + lead("lag s", 7)

    /// A line per system: rate with a bar, ratio with its spread, latency, processor time, and how
    /// long the views took to catch up.
    var lines: [String] {
        let highest = entries.map { $0.median(\.rate) }.max() ?? 1
        return entries.enumerated().map { index, entry in
            let rate = entry.median(\.rate)
            var line = Self.pad(index == 0 ? name : "", 16) + Self.pad(entry.system, 18)
            line += Self.lead(Self.thousands(rate), 9) + "  "
            line += Self.pad(Self.bar(rate / highest), 21)
            if index == 0 {
                line += Self.lead("", 21)
            } else {
                let ratios = ratios(to: entry, \.rate)
                line += Self.lead(Self.decimal(Statistics.median(ratios), 2), 8)
                line += Self.lead(
                    "\(Self.decimal(ratios.min() ?? 0, 2))–\(Self.decimal(ratios.max() ?? 0, 2))",
                    13)
            }
            line += Self.lead(Self.decimal(entry.median(\.p50), 0), 9)
            line += Self.lead(Self.decimal(entry.median(\.p99), 0), 9)
            line += Self.lead(Self.decimal(entry.median(\.serverCPU), 2), 11)
            line += Self.lead(Self.decimal(entry.median(\.clientCPU), 2), 8)
            let lag = entry.median(\.catchUpSeconds)
            return line + Self.lead(lag < 0.005 ? "" : Self.decimal(lag, 2), 7)
        }
    }

    static func decimal(_ value: Double, _ places: Int) -> String {
        String(format: "%.\(places)f", value)
    }

    static func thousands(_ value: Double) -> String {
        var text = decimal(value, 0)
        var place = text.count - 3
        while place > 0 {
            text.insert(",", at: text.index(text.startIndex, offsetBy: place))
            place -= 3
        }
        return text
    }

    static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    static func lead(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.count)) + text
    }

    private static func bar(_ fraction: Double) -> String {
        String(repeating: "█", count: max(1, Int((fraction * 20).rounded())))
    }
}
