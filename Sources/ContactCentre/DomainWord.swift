public import EventModel

/// A closed list of the domain's words. Rows store the raw value: cases count from 0 without a
/// gap, new ones are added at the end, none is ever renumbered.
public protocol DomainWord: RawRepresentable, CaseIterable, Hashable, Sendable
where RawValue == UInt8 {
    /// The word as events and documents spell it.
    var word: StaticString { get }
}

extension DomainWord {
    /// Reads a word; nil when the list does not have it. Complexity: O(number of words).
    public init?(_ text: RawSpan) {
        var raw: UInt8 = 0
        while let candidate = Self(rawValue: raw) {
            if text.equals(candidate.word) {
                self = candidate
                return
            }
            raw += 1
        }
        return nil
    }
}

extension EventView {
    /// Returns a text attribute as a word of a closed list, or nil.
    public func word<Word: DomainWord>(_ name: StaticString, _: Word.Type) -> Word? {
        guard let text = bytes(name) else { return nil }
        return Word(text)
    }
}
