internal import EventModel
internal import Foundation
internal import Views

/// IANA time zones through Foundation.
struct Zone: ZoneOffsets {
    private let zone: TimeZone

    /// Returns nil for a name that is not in the time-zone database.
    init?(_ name: String) {
        guard TimeZone.knownTimeZoneIdentifiers.contains(name) || name == "UTC",
            let zone = TimeZone(identifier: name)
        else { return nil }
        self.zone = zone
    }

    func offsetMilliseconds(at moment: Timestamp) -> Int64 {
        let date = Date(timeIntervalSince1970: Double(moment.milliseconds) / 1_000)
        return Int64(zone.secondsFromGMT(for: date)) * 1_000
    }
}
