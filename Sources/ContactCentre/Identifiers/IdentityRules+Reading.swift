internal import EventModel
internal import JSON

/// Why the body of a definition is none. It names members, never values that were given.
public struct IdentityRulesFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, and what was expected.
    public let description: String
}

/// Reading the body of `definition.set kind identityRules`:
///
///     {"region": "ES", "scopes": {"outlet": "second"}, "blocked": ["none"], "role_addresses": ["info"],
///      "email": [{"domain": "gmail.com", "same": "googlemail.com", "dots": true, "plus": true}],
///      "kinds": [{"name": "email", "form": "email", "device": false, "account": false,
///                 "priority": 2, "limit": 5, "window_days": 30, "shared_above": 5,
///                 "expires_days": 365, "blocked": ["noemail@*"]}],
///      "all_history": true}
///
/// With `all_history` the events before the definition are read by it too, once views are folded anew.
/// What is not named stays as it is shipped. A kind that is named takes the place of the shipped one
/// of that name; the other lists take the place of the shipped list.
extension IdentityRules {
    /// The greatest `shared_above`.
    public static let sharedAboveMax: Int64 = 31

    /// Reads a body. Complexity: O(bytes).
    public static func read(
        _ body: RawSpan, version: String
    ) throws(IdentityRulesFault) -> IdentityRules {
        let document: JSONValue
        do throws(JSONFault) {
            document = try JSONReader.read(body)
        } catch {
            throw IdentityRulesFault(
                description: "the body is no JSON: \(error.problem) at byte \(error.offset)")
        }
        guard let members = document.members else {
            throw IdentityRulesFault(description: "the body must be a JSON object")
        }
        var content = shipped.content
        content.version = version
        for member in members { try take(member, into: &content) }
        return IdentityRules(content)
    }

    private static func take(
        _ member: JSONValue.Member, into content: inout Content
    ) throws(IdentityRulesFault) {
        let value = member.value
        switch member.name {
        case "region":
            guard let region = value.text.flatMap(PhoneRegion.named) else {
                let names = PhoneRegion.all.map(\.name).joined(separator: ", ")
                throw expected("region", "one of \(names)")
            }
            content.region = region
        case "scopes":
            guard let members = value.members else { throw expected("scopes", "an object") }
            content.scopes = []
            for member in members {
                guard let scope = member.value.text, isName(scope) else {
                    throw expected("each of scopes", "a name of a to z, 0 to 9 and _")
                }
                content.scopes.append((member.name, scope))
            }
        case "blocked": content.blocked = try texts(value, "blocked")
        case "all_history": content.isForAllHistory = try flag(value, "all_history")
        case "role_addresses": content.roleAddresses = try texts(value, "role_addresses")
        case "email":
            guard let elements = value.elements else { throw expected("email", "an array") }
            content.foldings = []
            for element in elements { content.foldings.append(try folding(element)) }
        case "kinds":
            guard let elements = value.elements else { throw expected("kinds", "an array") }
            for element in elements {
                let kind = try kind(element)
                if let place = content.kinds.firstIndex(where: { $0.name == kind.name }) {
                    content.kinds[place] = kind
                } else {
                    content.kinds.append(kind)
                }
            }
        default:
            throw IdentityRulesFault(
                description: "the body has an unknown member; known are region, scopes, blocked, "
                    + "role_addresses, email, kinds and all_history")
        }
    }

    private static func folding(_ value: JSONValue) throws(IdentityRulesFault) -> EmailFolding {
        guard let domain = value["domain"]?.text else {
            throw expected("domain of email", "a text")
        }
        var folding = EmailFolding(domain: domain)
        folding.same = try optional(value["same"], "same of email", "a text") { $0.text }
        folding.dots = try flag(value["dots"], "dots of email")
        folding.plus = try flag(value["plus"], "plus of email")
        return folding
    }

    private static func kind(_ value: JSONValue) throws(IdentityRulesFault) -> IdentifierKind {
        guard let name = value["name"]?.text, isName(name) else {
            throw expected("name of kinds", "a name of a to z, 0 to 9 and _")
        }
        var kind = IdentifierKind(name: name)
        let forms = IdentifierKind.Form.allCases.map(\.rawValue).joined(separator: ", ")
        let form = try optional(value["form"], "form of \(name)", "one of \(forms)") {
            $0.text.flatMap { IdentifierKind.Form(rawValue: $0) }
        }
        kind.form = form ?? .plain
        kind.isDevice = try flag(value["device"], "device of \(name)")
        kind.isAccount = try flag(value["account"], "account of \(name)")
        kind.priority = try number(value["priority"], "priority of \(name)") ?? kind.priority
        kind.limit = try number(value["limit"], "limit of \(name)")
        kind.windowDays = try number(value["window_days"], "window_days of \(name)")
        kind.expiresDays = try number(value["expires_days"], "expires_days of \(name)")
        let shared = try number(
            value["shared_above"], "shared_above of \(name)", most: sharedAboveMax)
        kind.sharedAbove = shared ?? kind.sharedAbove
        if let blocked = value["blocked"] {
            kind.blocked = try texts(blocked, "blocked of \(name)")
        }
        return kind
    }

    private static func expected(_ what: String, _ form: String) -> IdentityRulesFault {
        IdentityRulesFault(description: "\(what) must be \(form)")
    }

    private static func optional<Value>(
        _ value: JSONValue?, _ what: String, _ form: String, _ read: (JSONValue) -> Value?
    ) throws(IdentityRulesFault) -> Value? {
        guard let value else { return nil }
        guard let found = read(value) else { throw expected(what, form) }
        return found
    }

    private static func flag(
        _ value: JSONValue?, _ what: String
    ) throws(IdentityRulesFault) -> Bool {
        try optional(value, what, "true or false") { value in
            if case .boolean(let flag) = value { flag } else { nil }
        } ?? false
    }

    private static func number(
        _ value: JSONValue?, _ what: String, most: Int64 = 100_000
    ) throws(IdentityRulesFault) -> Int? {
        try optional(value, what, "a whole number from 1 to \(most)") { value in
            guard case .integer(let number) = value, (1...most).contains(number) else {
                return nil
            }
            return Int(number)
        }
    }

    private static func texts(
        _ value: JSONValue, _ what: String
    ) throws(IdentityRulesFault) -> [String] {
        let texts = value.elements?.map(\.text)
        guard let texts, !texts.contains(nil) else { throw expected(what, "an array of texts") }
        return texts.compactMap { $0 }
    }

    private static func isName(_ text: String) -> Bool {
        unsafe !text.isEmpty && text.utf8.count <= 32 && text.utf8Span.span.bytes.isSnakeCase
    }
}
