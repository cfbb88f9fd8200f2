internal import EventModel

/// Where numbers without a country are dialled from.
///
/// Source: ITU-T E.164 country codes and E.129 national prefixes.
public struct PhoneRegion: Sendable, Equatable {
    /// The ISO 3166 code, like `KR`.
    public let name: String
    /// The country code.
    public let code: String
    /// What is dialled before a national number inside the country; empty = nothing.
    public let trunk: String

    /// The regions that are known.
    public static let all = [
        PhoneRegion(name: "AT", code: "43", trunk: "0"),
        PhoneRegion(name: "AU", code: "61", trunk: "0"),
        PhoneRegion(name: "BE", code: "32", trunk: "0"),
        PhoneRegion(name: "BR", code: "55", trunk: "0"),
        PhoneRegion(name: "CA", code: "1", trunk: "1"),
        PhoneRegion(name: "CH", code: "41", trunk: "0"),
        PhoneRegion(name: "CN", code: "86", trunk: "0"),
        PhoneRegion(name: "DE", code: "49", trunk: "0"),
        PhoneRegion(name: "DK", code: "45", trunk: ""),
        PhoneRegion(name: "ES", code: "34", trunk: ""),
        PhoneRegion(name: "FI", code: "358", trunk: "0"),
        PhoneRegion(name: "FR", code: "33", trunk: "0"),
        PhoneRegion(name: "GB", code: "44", trunk: "0"),
        PhoneRegion(name: "IE", code: "353", trunk: "0"),
        PhoneRegion(name: "IN", code: "91", trunk: "0"),
        PhoneRegion(name: "IT", code: "39", trunk: ""),
        PhoneRegion(name: "JP", code: "81", trunk: "0"),
        PhoneRegion(name: "KR", code: "82", trunk: "0"),
        PhoneRegion(name: "MX", code: "52", trunk: ""),
        PhoneRegion(name: "NL", code: "31", trunk: "0"),
        PhoneRegion(name: "NO", code: "47", trunk: ""),
        PhoneRegion(name: "PL", code: "48", trunk: ""),
        PhoneRegion(name: "PT", code: "351", trunk: ""),
        PhoneRegion(name: "SE", code: "46", trunk: "0"),
        PhoneRegion(name: "TR", code: "90", trunk: "0"),
        PhoneRegion(name: "US", code: "1", trunk: "1"),
    ]

    /// Returns a region by its name, or nil.
    public static func named(_ name: String) -> PhoneRegion? { all.first { $0.name == name } }

    /// Codes of countries behind whose code the 0 that is dialled inside is never dialled.
    static let codesWithZero = all.filter { $0.trunk == "0" }.map { Array($0.code.utf8) }
}
