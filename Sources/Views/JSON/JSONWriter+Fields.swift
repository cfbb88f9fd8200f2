public import EventModel

/// Keys with their values; an absent value leaves its key out.
extension JSONWriter {
    /// Writes a key and an integer.
    public mutating func field(_ name: StaticString, _ integer: Int64?) {
        guard let integer else { return }
        key(name)
        value(integer)
    }

    /// Writes a key and an integer.
    public mutating func field(_ name: StaticString, _ integer: Int?) {
        field(name, integer.map { Int64($0) })
    }

    /// Writes a key and a number with a fraction.
    public mutating func field(_ name: StaticString, _ number: Double?) {
        guard let number else { return }
        key(name)
        value(number)
    }

    /// Writes a key and true or false.
    public mutating func field(_ name: StaticString, _ boolean: Bool) {
        key(name)
        value(boolean)
    }

    /// Writes a key and a moment.
    public mutating func field(_ name: StaticString, _ moment: Timestamp?) {
        guard let moment else { return }
        key(name)
        value(moment)
    }

    /// Writes a key and a position.
    public mutating func field(_ name: StaticString, _ position: Position) {
        key(name)
        value(position)
    }

    /// Writes a key and text.
    public mutating func field(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        key(name)
        value(text)
    }

    /// Writes a key and a word of the domain.
    public mutating func field(_ name: StaticString, word: StaticString?) {
        guard let word else { return }
        key(name)
        value(word)
    }

    /// Writes a key and an array of customers.
    public mutating func field(_ name: StaticString, _ customers: [CustomerID]) {
        key(name)
        beginArray()
        for customer in customers { value(customer) }
        endArray()
    }
}
