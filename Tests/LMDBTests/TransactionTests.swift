import LMDB
import Testing

@Suite("Transactions")
struct TransactionTests {
    @Test("a committed value is read by later transactions")
    func commit() throws {
        let fixture = try Fixture()
        try fixture.commit("ana", "one")
        let transaction = try fixture.environment.beginRead()
        #expect(try transaction.value(fixture.texts, "ana") == "one")
        #expect(try transaction.value(fixture.texts, "bea") == nil)
    }
}
