internal import Commands
internal import Glibc

/// Gives a role to a user or to the members of a group: `user:acd=writer`, `group:1002=reader`.
public struct AccessRule: Sendable, Equatable {
    /// To whom.
    enum Subject: Sendable, Equatable {
        case user(uid_t)
        case group(gid_t)
    }

    let subject: Subject
    /// What it may do.
    let role: Role

    /// Reads a rule; names are looked up in the system's databases now.
    ///
    /// - Throws: `AccessRuleMistake` that says what is wrong with it.
    public init(_ text: String) throws(AccessRuleMistake) {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false)
        let words = sides[0].split(separator: ":", omittingEmptySubsequences: false)
        guard sides.count == 2, words.count == 2, !words[1].isEmpty else {
            throw .init(text: "access rule '\(text)' must be user:NAME=ROLE or group:NAME=ROLE")
        }
        guard let role = Role(rawValue: String(sides[1])) else {
            let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw .init(text: "access rule '\(text)' names no role; roles are \(roles)")
        }
        self.role = role
        switch words[0] {
        case "user": subject = .user(try Self.user(String(words[1]), text))
        case "group": subject = .group(try Self.group(String(words[1]), text))
        default:
            throw .init(text: "access rule '\(text)' must begin with user: or group:")
        }
    }

    private static func user(_ name: String, _ rule: String) throws(AccessRuleMistake) -> uid_t {
        if let number = uid_t(name) { return number }
        // Read at the start by the one thread that reads the configuration.
        guard let entry = unsafe getpwnam(name) else {
            throw .init(text: "access rule '\(rule)': the system knows no user of that name")
        }
        return unsafe entry.pointee.pw_uid
    }

    private static func group(_ name: String, _ rule: String) throws(AccessRuleMistake) -> gid_t {
        guard let number = GroupName.number(name) else {
            throw .init(text: "access rule '\(rule)': the system knows no group of that name")
        }
        return number
    }

    func matches(_ peer: PeerCredentials) -> Bool {
        switch subject {
        case .user(let user): peer.user == user
        case .group(let group): peer.groups.contains(group)
        }
    }
}

/// Groups by name or number.
enum GroupName {
    /// Returns the number of a group; nil when the system knows none of that name.
    static func number(_ name: String) -> gid_t? {
        if let number = gid_t(name) { return number }
        guard let entry = unsafe getgrnam(name) else { return nil }
        return unsafe entry.pointee.gr_gid
    }
}

/// What is wrong with a rule.
public struct AccessRuleMistake: Error, CustomStringConvertible {
    let text: String

    /// Names the rule and what it must be.
    public var description: String { text }
}
