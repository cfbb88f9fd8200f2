internal import EventModel

/// A made-up person. Everything about them follows from their number.
///
/// Numbers of telephones come from the ranges that regulators keep for fiction: 555-0100 to
/// 555-0199 of North America, +44 7700 900 of the United Kingdom, +33 6 39 98 of France (beyond
/// 64,000 people, other numbers of the exchange 555). Mail goes to `example` domains (RFC 2606).
struct Person: Sendable {
    /// From 0 on.
    let number: Int
    /// The same numbers in another order, so that neighbours have nothing in common.
    private let shuffled: Int

    init(number: Int) {
        precondition((0..<SimulationLimits.customersMax).contains(number))
        self.number = number
        shuffled = (number &* 0x9E37_79B1) & (SimulationLimits.customersMax - 1)
    }

    private var first: String {
        Names.first[shuffled % Names.first.count]
    }

    private var last: String {
        Names.last[shuffled / Names.first.count % Names.last.count]
    }

    var fullName: String { "\(first) \(last)" }

    /// A language of `Phrases`.
    var language: Language {
        switch country {
        case .france: .french
        case .unitedKingdom: .english
        case .unitedStates: shuffled % 4 == 0 ? .spanish : .english
        }
    }

    var country: Country {
        switch number % 5 {
        case 1 where number / 5 < 1_000: .unitedKingdom
        case 2 where number / 5 < 10_000: .france
        default: .unitedStates
        }
    }

    var email: String {
        let names = Names.first.count * Names.last.count
        let suffix = shuffled >= names ? "\(shuffled / names)" : ""
        let domain = Names.domains[shuffled % Names.domains.count]
        return "\(first.lowercased()).\(last.lowercased())\(suffix)@\(domain)"
    }

    var phone: String {
        switch country {
        case .unitedKingdom: return "+447700900" + Self.digits(number / 5, width: 3)
        case .france: return "+3363998" + Self.digits(number / 5, width: 4)
        case .unitedStates:
            let areas = 640
            let area = Self.areaCode(number % areas)
            return "+1\(area)555" + Self.digits((100 + number / areas) % 10_000, width: 4)
        }
    }

    /// The area codes from 200 on whose middle digit is neither 1, for x11 are services, nor 9,
    /// which is kept for longer numbers.
    private static func areaCode(_ index: Int) -> Int {
        let hundred = 2 + index / 80
        let middles = [0, 2, 3, 4, 5, 6, 7, 8]
        return hundred * 100 + middles[index / 10 % 8] * 10 + index % 10
    }

    var loyalty: String { "7" + Self.digits(number * 7_919 % 10_000_000, width: 7) }

    var account: String { "\(100_000 + number)" }

    /// The cookie of one of their browsers.
    func cookie(_ device: Int) -> String {
        let mixed = RandomNumbers.mix(UInt64(number) << 8 | UInt64(device))
        return String(mixed | 1 << 63, radix: 16)
    }

    var address: (lines: String, city: String, postalCode: String, country: String) {
        let cities = country.cities
        let city = cities[shuffled % cities.count]
        let street = Names.streets[shuffled / 7 % Names.streets.count]
        return ("\(1 + shuffled % 180) \(street)", city.name, city.postalCode, country.code)
    }

    private static func digits(_ number: Int, width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}

extension Person {
    func emailIdentifier(_ strength: IdentifierStrength) -> Identifier {
        Identifier(kind: "email", value: email, strength: strength)
    }

    func phoneIdentifier(_ strength: IdentifierStrength) -> Identifier {
        Identifier(kind: "phone", value: phone, strength: strength)
    }

    func phone(as role: IdentifierRole) -> Identifier {
        Identifier(kind: "phone", value: phone, role: role)
    }

    var loyaltyIdentifier: Identifier {
        Identifier(kind: "loyalty", value: loyalty, strength: .stated)
    }

    func cookieIdentifier(_ device: Int) -> Identifier {
        Identifier(kind: "cookie", value: cookie(device), strength: .device)
    }
}
