internal import ContactCentre
internal import EventModel

extension EventView {
    /// Returns a text attribute as a word of a closed list, or nil.
    func domainWord<Word: DomainWord>(_ name: StaticString, _: Word.Type) -> Word? {
        guard let text = bytes(name) else { return nil }
        return Word(text)
    }
}
