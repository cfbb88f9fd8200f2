internal import EventModel

extension Attribute {
    static func text(_ name: String, _ value: String) -> Attribute {
        Attribute(name, .text(value))
    }

    static func ref(_ name: String, _ value: String) -> Attribute { Attribute(name, .ref(value)) }

    static func integer(_ name: String, _ value: Int64) -> Attribute {
        Attribute(name, .integer(value))
    }

    static func boolean(_ name: String, _ value: Bool) -> Attribute {
        Attribute(name, .boolean(value))
    }

    static func time(_ name: String, _ milliseconds: Int64) -> Attribute {
        Attribute(name, .time(Timestamp(milliseconds: milliseconds)))
    }

    static func money(_ name: String, _ minorUnits: Int64) -> Attribute {
        Attribute(name, .money(minorUnits: minorUnits, currency: Products.currency))
    }
}
