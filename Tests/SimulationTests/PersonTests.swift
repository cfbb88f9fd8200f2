import Testing

@testable import Simulation

@Suite("People are made up")
struct PersonTests {
    @Test("no two have an address, a number, a card, an account or a cookie in common")
    func unique() {
        let people = (0..<70_000).map { Person(number: $0) }
        #expect(Set(people.map(\.email)).count == people.count)
        #expect(Set(people.map(\.phone)).count == people.count)
        #expect(Set(people.map(\.loyalty)).count == people.count)
        #expect(Set(people.map(\.account)).count == people.count)
        #expect(Set(people.flatMap { [$0.cookie(0), $0.cookie(1)] }).count == 2 * people.count)
    }

    @Test("telephone numbers are from ranges kept for fiction, mail from example domains")
    func fictional() {
        for number in stride(from: 0, to: 60_000, by: 7) {
            let person = Person(number: number)
            #expect(
                person.phone.wholeMatch(of: /\+1[2-9]\d\d55501\d\d/) != nil
                    || person.phone.wholeMatch(of: /\+447700900\d{3}/) != nil
                    || person.phone.wholeMatch(of: /\+3363998\d{4}/) != nil, "\(person.phone)")
            #expect(person.email.wholeMatch(of: /[a-z]+\.[a-z]+\d*@example\.(com|org|net)/) != nil)
            #expect(person.loyalty.utf8.count == 8)
        }
    }

    @Test("a number of the exchange 555 is used beyond the ranges kept for fiction")
    func many() {
        let person = Person(number: SimulationLimits.customersMax - 1)
        #expect(person.phone.wholeMatch(of: /\+1[2-9]\d\d555\d{4}/) != nil, "\(person.phone)")
    }
}
