internal import EventModel
internal import JSON

/// The numbers of our own trunks, shops and extensions: who shows one is nobody by it.
///
///     definition.set kind ownNumbers key default
///     body {"numbers": ["+34911000000", "+3491100????", "1??"]}
///
/// `*` stands for any text, `?` for one digit; a number without them is brought into its normal form. The
/// last definition counts, for the events behind it.
public enum OwnNumbers {
    /// The most numbers and patterns.
    public static let countMax = 1_000

    /// Reads a body.
    public static func read(_ body: RawSpan) throws(IdentityRulesFault) -> [String] {
        let document: JSONValue
        do throws(JSONFault) {
            document = try JSONReader.read(body)
        } catch {
            throw IdentityRulesFault(
                description: "the body is no JSON: \(error.problem) at byte \(error.offset)")
        }
        guard let members = document.members, members.count == 1, members[0].name == "numbers",
            let elements = members[0].value.elements, elements.count <= countMax
        else { throw fault }
        var numbers: [String] = []
        for element in elements {
            guard let number = element.text, !number.isEmpty, number != "*" else { throw fault }
            numbers.append(number)
        }
        return numbers
    }

    private static var fault: IdentityRulesFault {
        IdentityRulesFault(
            description:
                "the body must be {\"numbers\": […]} with at most \(countMax) texts, none of "
                + "them empty or * alone")
    }
}
