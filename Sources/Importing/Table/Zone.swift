internal import EventModel
internal import Foundation

/// A time zone as a table of offsets, so that the hot path asks no calendar library.
///
/// A local time that the clocks show twice means the first of the two moments; one that they skip
/// means the moment so much later as they skip (both as if the clock had not been changed yet).
struct Zone {
    /// A stretch of one offset.
    private struct Stretch {
        /// The first local second that belongs to it alone or that it skips.
        var localStart: Int
        /// The first local second after it, on its own clock.
        var localEnd: Int
        var offsetSeconds: Int
    }

    private let stretches: [Stretch]
    /// The stretch that the last time fell into; the next one mostly does, too.
    private var latest: Stretch

    /// Makes the table of an IANA zone, such as `Europe/Madrid`; nil if there is none.
    init?(named name: String) {
        guard let zone = TimeZone(identifier: name) else { return nil }
        var stretches: [Stretch] = []
        var start = Int.min
        var moment = Date(timeIntervalSince1970: Double(Self.first))
        while true {
            let offset = zone.secondsFromGMT(for: moment)
            let next = zone.nextDaylightSavingTimeTransition(after: moment)
            guard let next, next > moment, Int(next.timeIntervalSince1970) < Self.last else {
                stretches.append(
                    Stretch(localStart: start, localEnd: .max, offsetSeconds: offset))
                break
            }
            let end = Int(next.timeIntervalSince1970) + offset
            let later = zone.secondsFromGMT(for: next)
            stretches.append(Stretch(localStart: start, localEnd: end, offsetSeconds: offset))
            // Where clocks go forward, the seconds they skip are still counted with the old offset.
            start = end
            if later > offset {
                stretches.append(
                    Stretch(
                        localStart: end, localEnd: end + later - offset, offsetSeconds: offset))
                start = end + later - offset
            }
            moment = next
        }
        self.stretches = stretches
        latest = stretches[0]
    }

    /// From 1900, which events may not precede, to 2100, beyond which zones repeat.
    private static let first = -2_208_988_800
    private static let last = 4_102_444_800

    /// Returns the moment at which the zone's clocks show a time, given in seconds since
    /// 1970-01-01T00:00:00 on those clocks.
    mutating func utcSeconds(local: Int) -> Int {
        if local < latest.localStart || local >= latest.localEnd {
            latest = stretch(of: local)
        }
        return local - latest.offsetSeconds
    }

    private func stretch(of local: Int) -> Stretch {
        var low = 0
        var high = stretches.count - 1
        while low < high {
            let middle = (low + high) / 2
            if local < stretches[middle].localEnd { high = middle } else { low = middle + 1 }
        }
        return stretches[low]
    }
}
