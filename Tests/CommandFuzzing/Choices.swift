/// Choices that bytes stand for: the same bytes, the same choices. A byte that changes, comes or
/// goes changes a command here and there and leaves the others, which is how a fuzzer gets
/// anywhere. Behind the last byte every choice is the first there is.
struct Choices {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// Whether all bytes are used.
    var isOver: Bool { rest.isEmpty }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// A number below one that is at most 65,536.
    mutating func number(below bound: Int) -> Int {
        let low = Int(byte())
        return bound <= 256 ? low % bound : (low << 8 | Int(byte())) % bound
    }

    /// Says yes once in so many times, and no behind the last byte.
    mutating func once(in count: Int) -> Bool { Int(byte()) % count == count - 1 }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[number(below: elements.count)]
    }

    /// The next bytes themselves.
    mutating func bytes(atMost most: Int) -> [UInt8] {
        let count = number(below: most + 1)
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }
}
