import EventModel

/// Who is who, told again from DOMAIN and INTEROP §9 with plain arrays: persons are computed anew
/// from all unions whenever they are asked for.
struct IdentityModel {
    struct Customer {
        var id: CustomerID
        var identifier: String
        var strength: IdentifierStrength
        var verifiedAt: UInt64?
        var facts: [String] = []
        var lastSeen: Int64
    }

    struct Union {
        var left: Int
        var right: Int
        var isSeparation: Bool
        var stands = true
    }

    struct Met {
        var customer: Int
        var isPerson: Bool
        var last: UInt64
    }

    struct Shown {
        var identifier: String
        var strength: IdentifierStrength
    }

    private(set) var customers: [Customer] = []
    private(set) var unions: [Union] = []
    /// Who has an identifier now; absent = nobody yet, or it was given back.
    private(set) var holders: [String: Int] = [:]
    private(set) var outOfUse: Set<String> = []
    private var met: [String: [Met]] = [:]

    static func isDevice(_ identifier: String) -> Bool { identifier.hasPrefix("cookie:") }
    static func isAccount(_ identifier: String) -> Bool { identifier.hasPrefix("crm:") }
    static func isEmail(_ identifier: String) -> Bool { identifier.hasPrefix("email:") }
    static func isPhone(_ identifier: String) -> Bool { identifier.hasPrefix("phone:") }

    private static func priority(_ identifier: String) -> Int {
        if isAccount(identifier) { return 1 }
        if isEmail(identifier) { return 2 }
        return isPhone(identifier) ? 3 : 20
    }

    private static func limit(_ identifier: String) -> Int {
        if isAccount(identifier) { return 1 }
        return isDevice(identifier) ? .max : 5
    }

    private static func rank(_ strength: IdentifierStrength) -> Int {
        [.verified, .stated, .line, .device].firstIndex(of: strength) ?? 4
    }

    /// The least number of the customers that standing unions connect with each, over and over
    /// until nothing changes.
    private func labels(_ unions: [Union]) -> [Int] {
        var labels = Array(customers.indices)
        var isChanged = true
        while isChanged {
            isChanged = false
            for union in unions where union.stands && !union.isSeparation {
                let least = min(labels[union.left], labels[union.right])
                if labels[union.left] != least || labels[union.right] != least {
                    labels[union.left] = least
                    labels[union.right] = least
                    isChanged = true
                }
            }
        }
        return labels
    }

    /// The persons: each customer's oldest.
    var persons: [CustomerID: CustomerID] {
        let labels = labels(unions)
        return Dictionary(
            uniqueKeysWithValues: customers.indices.map {
                (customers[$0].id, customers[labels[$0]].id)
            })
    }

    private func areOne(_ left: Int, _ right: Int) -> Bool {
        let labels = labels(unions)
        return labels[left] == labels[right]
    }

    private func everyone(_ customer: Int) -> [Int] {
        let labels = labels(unions)
        return customers.indices.filter { labels[$0] == labels[customer] }
    }

    mutating func observe(
        _ shown: [Shown], order: String?, unites: Bool = true, occurred: Int64,
        at position: UInt64
    ) {
        var new: Set<String> = []
        var unseen: [String: Int64] = [:]
        var (sights, repeated): ([Shown], [Shown]) = ([], [])
        for var sight in shown {
            if Self.isDevice(sight.identifier) { sight.strength = .device }
            guard !outOfUse.contains(sight.identifier) else { continue }
            if let holder = holders[sight.identifier] {
                let before = customers[holder]
                let gap = occurred - before.lastSeen
                let isBetter = Self.rank(sight.strength) < Self.rank(before.strength)
                let isFirstProof = sight.strength == .verified && before.verifiedAt == nil
                let isPhone = Self.isPhone(sight.identifier)
                if isBetter || isFirstProof || isPhone && gap >= 30 * 86_400_000 {
                    if isBetter { customers[holder].strength = sight.strength }
                    if isFirstProof { customers[holder].verifiedAt = position }
                    if isPhone { customers[holder].lastSeen = max(before.lastSeen, occurred) }
                }
                if unseen[sight.identifier] == nil { unseen[sight.identifier] = gap }
            } else if !new.insert(sight.identifier).inserted {
                repeated.append(sight)
            }
            if !sights.contains(where: { $0.identifier == sight.identifier }) {
                sights.append(sight)
            }
        }
        guard !sights.isEmpty else { return }
        if unites { passOn(sights, &new, unseen) }
        for sight in sights where new.contains(sight.identifier) {
            found(sight, occurred, position)
        }
        for sight in repeated {
            guard let holder = holders[sight.identifier] else { continue }
            if Self.rank(sight.strength) < Self.rank(customers[holder].strength) {
                customers[holder].strength = sight.strength
            }
            if sight.strength == .verified, customers[holder].verifiedAt == nil {
                customers[holder].verifiedAt = position
            }
        }
        if unites { unite(sights, new, order, position) }
        guard let order else { return }
        for sight in sights where [.verified, .stated].contains(sight.strength) {
            guard let holder = holders[sight.identifier] else { continue }
            if !customers[holder].facts.contains(order) { customers[holder].facts.append(order) }
            if customers[holder].facts.count > 8 { customers[holder].facts.removeFirst() }
        }
    }

    private mutating func found(_ sight: Shown, _ occurred: Int64, _ position: UInt64) {
        let number = customers.count { $0.id.rawValue & (1 << 60 - 1) == position }
        holders[sight.identifier] = customers.count
        met[sight.identifier] = []
        customers.append(
            Customer(
                id: CustomerID(rawValue: UInt64(number) << 60 | position),
                identifier: sight.identifier, strength: sight.strength,
                verifiedAt: sight.strength == .verified ? position : nil, lastSeen: occurred))
    }

    private func passOn(
        _ sights: [Shown], _ new: inout Set<String>, _ unseen: [String: Int64]
    ) {
        for sight in sights where Self.isPhone(sight.identifier) && sight.strength == .verified {
            guard !new.contains(sight.identifier), let holder = holders[sight.identifier],
                unseen[sight.identifier] ?? 0 >= 395 * 86_400_000,
                sights.contains(where: { other in
                    other.strength == .verified && other.identifier != sight.identifier
                        && (new.contains(other.identifier)
                            || !areOne(holders[other.identifier] ?? holder, holder))
                })
            else { continue }
            new.insert(sight.identifier)
        }
    }

    private mutating func unite(
        _ sights: [Shown], _ new: Set<String>, _ order: String?, _ position: UInt64
    ) {
        let ordered = sights.sorted {
            (Self.rank($0.strength), Self.priority($0.identifier), $0.identifier)
                < (Self.rank($1.strength), Self.priority($1.identifier), $1.identifier)
        }
        for (place, first) in ordered.enumerated() {
            for second in ordered[(place + 1)...] {
                guard let left = holders[first.identifier], let right = holders[second.identifier],
                    !areOne(left, right)
                else { continue }
                if mayUnite(first, second, sights, new, order, position) {
                    unions.append(Union(left: left, right: right, isSeparation: false))
                } else {
                    note(first, with: second, position)
                    note(second, with: first, position)
                }
            }
        }
        // Judged when it meets somebody, not when it is seen alone.
        guard sights.count > 1 else { return }
        for sight in sights { quarantine(sight.identifier) }
    }

    private mutating func note(_ sight: Shown, with other: Shown, _ position: UInt64) {
        guard let customer = holders[other.identifier] else { return }
        let isPerson = [.verified, .stated].contains(other.strength)
        var list = met[sight.identifier] ?? []
        if let place = list.firstIndex(where: { $0.customer == customer }) {
            list[place] = Met(customer: customer, isPerson: isPerson, last: position)
        } else {
            if list.count == 8 {
                let oldest = list.indices.min {
                    (list[$0].last, customers[list[$0].customer].id)
                        < (list[$1].last, customers[list[$1].customer].id)
                }
                list.remove(at: oldest ?? 0)
            }
            list.append(Met(customer: customer, isPerson: isPerson, last: position))
        }
        met[sight.identifier] = list
    }

    private mutating func quarantine(_ identifier: String) {
        guard let holder = holders[identifier], customers[holder].verifiedAt == nil,
            let list = met[identifier]
        else { return }
        let labels = labels(unions)
        let persons = Set(list.filter(\.isPerson).map { labels[$0.customer] })
        if persons.count > 5 { takeOut(identifier) }
    }

    private mutating func takeOut(_ identifier: String) {
        if let holder = holders.removeValue(forKey: identifier) {
            for place in unions.indices
            where !unions[place].isSeparation
                && (unions[place].left == holder || unions[place].right == holder)
            {
                unions[place].stands = false
            }
        }
        outOfUse.insert(identifier)
        met[identifier] = []
    }

    private func mayUnite(
        _ first: Shown, _ second: Shown, _ sights: [Shown], _ new: Set<String>, _ order: String?,
        _ position: UInt64
    ) -> Bool {
        guard let one = holders[first.identifier], let two = holders[second.identifier] else {
            return false
        }
        let (left, right) = (everyone(one), everyone(two))
        let isKeptApart = unions.contains { union in
            union.isSeparation
                && (left.contains(union.left) && right.contains(union.right)
                    || left.contains(union.right) && right.contains(union.left))
        }
        if isKeptApart || first.strength == .line || second.strength == .line { return false }
        let isProved = { (people: [Int]) in
            people.contains { (customers[$0].verifiedAt ?? position) < position }
        }
        let facts = { (people: [Int]) in Set(people.flatMap { customers[$0].facts }) }
        let said = Set(order.map { [$0] } ?? [])
        let isNew = (new.contains(first.identifier), new.contains(second.identifier))
        switch (first.strength, second.strength) {
        case (.device, _): return false
        case (_, .device):
            guard right.allSatisfy({ customers[$0].strength == .device }) else { return false }
        case (.verified, .verified):
            let firstIsGuest = Self.isAccount(second.identifier) && !isNew.0 && !isProved(left)
            let secondIsGuest = Self.isAccount(first.identifier) && !isNew.1 && !isProved(right)
            if firstIsGuest || secondIsGuest {
                let (account, guest) = firstIsGuest ? (right, left) : (left, right)
                let guestName = firstIsGuest ? first.identifier : second.identifier
                let agrees = !facts(account).union(said).isDisjoint(with: facts(guest))
                let calls = sights.contains { sight in
                    Self.isPhone(sight.identifier) && sight.identifier != guestName
                        && !new.contains(sight.identifier)
                        && guest.contains(holders[sight.identifier] ?? -1)
                }
                guard agrees || calls || facts(guest).isEmpty else { return false }
            }
        case (.verified, _):
            if Self.isEmail(second.identifier), hasProvedAccount(left) {
                guard !isProved(right), Self.isAccount(first.identifier),
                    !said.isDisjoint(with: facts(right))
                else { return false }
            } else if !isNew.1 {
                if isProved(right) { return false }
                guard !facts(left).union(said).isDisjoint(with: facts(right)) else { return false }
            }
        default:
            if isProved(left), isProved(right) { return false }
            let wouldJoin =
                Self.isEmail(first.identifier) && hasProvedAccount(right)
                || Self.isEmail(second.identifier) && hasProvedAccount(left)
            if wouldJoin { return false }
            let known = (isNew.0 ? said : facts(left), isNew.1 ? said : facts(right))
            guard !known.0.isDisjoint(with: known.1) else { return false }
        }
        return !exceedsLimit(left, right)
    }

    private func hasProvedAccount(_ people: [Int]) -> Bool {
        people.contains {
            Self.isAccount(customers[$0].identifier) && customers[$0].verifiedAt != nil
        }
    }

    private func exceedsLimit(_ left: [Int], _ right: [Int]) -> Bool {
        let counting = { (people: [Int]) in
            people.map { (customers[$0].identifier, $0) }
                .filter { holders[$0.0] == $0.1 }.map { Self.priority($0.0) }
        }
        let (first, second) = (counting(left), counting(right))
        return [("crm:", 1), ("email:", 2), ("phone:", 3)].contains { name, kind in
            first.contains(kind) && second.contains(kind)
                && (first + second).count { $0 == kind } > Self.limit(name)
        }
    }

    mutating func merge(_ left: Int, _ right: Int) {
        guard !areOne(left, right) else { return }
        unions.append(Union(left: left, right: right, isSeparation: false))
    }

    /// What made two customers one ends: the union with which they became connected, until they no
    /// longer are.
    mutating func unmerge(_ left: Int, _ right: Int) {
        guard left != right else { return }
        unions.append(Union(left: left, right: right, isSeparation: true))
        while areOne(left, right) {
            for count in 1...unions.count {
                let labels = labels(Array(unions[..<count]))
                guard labels[left] == labels[right] else { continue }
                unions[count - 1].stands = false
                break
            }
        }
    }

    mutating func release(_ identifier: String) {
        guard holders.removeValue(forKey: identifier) != nil || outOfUse.contains(identifier) else {
            return
        }
        outOfUse.remove(identifier)
    }

    mutating func block(_ identifier: String) { takeOut(identifier) }
}
