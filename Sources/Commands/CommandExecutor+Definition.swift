internal import EventModel
internal import RESP
internal import Views

/// Definitions are read before they are recorded: nobody judges by what cannot be read.
extension CommandExecutor {
    /// Refuses a `definition.set` whose body its readers could not read.
    ///
    /// - Parameter range: The words of the event: its type, then names and values.
    func checkDefinition(
        _ arguments: Arguments, _ range: Range<Int>
    ) throws(EventRefusal) {
        var (kind, key, body): (Int?, Int?, Int?)
        for word in stride(from: range.lowerBound + 1, to: range.upperBound, by: 2) {
            if arguments[word].equals("kind") { kind = word + 1 }
            if arguments[word].equals("key") { key = word + 1 }
            if arguments[word].equals("body") { body = word + 1 }
        }
        // What is missing is refused by the schema.
        guard let kind, let key, let body else { return }
        do throws(DefinitionFault) {
            try DefinitionBody.check(
                kind: arguments[kind], key: arguments[key], body: arguments[body],
                knowsZone: { environment.zone($0) != nil })
        } catch {
            throw .illTyped(
                type: "definition.set", attribute: "body", expected: error.expected)
        }
    }
}
