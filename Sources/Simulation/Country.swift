/// Where the shop's customers live.
enum Country: Sendable {
    case unitedStates, unitedKingdom, france

    /// ISO 3166-1.
    var code: String {
        switch self {
        case .unitedStates: "US"
        case .unitedKingdom: "GB"
        case .france: "FR"
        }
    }

    var cities: [(name: String, postalCode: String)] {
        switch self {
        case .unitedStates: Self.american
        case .unitedKingdom: Self.british
        case .france: Self.french
        }
    }

    private static let american = [
        (name: "Springfield", postalCode: "01101"), (name: "Riverside", postalCode: "92501"),
        (name: "Franklin", postalCode: "37064"), (name: "Georgetown", postalCode: "78626"),
        (name: "Madison", postalCode: "53703"), (name: "Salem", postalCode: "97301"),
        (name: "Fairview", postalCode: "07022"), (name: "Clinton", postalCode: "39056"),
    ]

    private static let british = [
        (name: "Leeds", postalCode: "LS1 4DY"), (name: "Bath", postalCode: "BA1 1SU"),
        (name: "York", postalCode: "YO1 7HH"), (name: "Cardiff", postalCode: "CF10 1EP"),
    ]

    private static let french = [
        (name: "Lyon", postalCode: "69002"), (name: "Nantes", postalCode: "44000"),
        (name: "Lille", postalCode: "59800"), (name: "Rennes", postalCode: "35000"),
        (name: "Toulouse", postalCode: "31000"),
    ]
}

/// The languages that the shop speaks.
enum Language: Int, Sendable, CaseIterable {
    case english, spanish, french

    /// BCP 47.
    var code: String {
        switch self {
        case .english: "en"
        case .spanish: "es"
        case .french: "fr"
        }
    }
}
