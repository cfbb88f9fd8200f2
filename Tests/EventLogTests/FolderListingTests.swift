import Glibc
import Testing

@testable import EventLog

@Suite("What lies in a folder")
struct FolderListingTests {
    /// Under Address Sanitizer this holds that an entry is read as far as its name goes: the last one
    /// of what the system reads at once ends with the block that it was read into.
    @Test("is listed by names of any length, however many there are")
    func lengths() throws {
        let folder = try TemporaryFolder()
        let names = (1...255).flatMap { length in
            ["a", "b", "c"].map { String(repeating: $0, count: length) }
        }
        for name in names {
            let descriptor = unsafe open("\(folder.path)/\(name)", O_CREAT | O_WRONLY, 0o600)
            try #require(descriptor >= 0)
            close(descriptor)
        }
        #expect(FolderListing.names(folder.path) == names.sorted())
        #expect(FolderListing.names(folder.path + "/nowhere") == [])
    }
}
