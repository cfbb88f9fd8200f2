extension IdentityRules {
    /// What holds until a definition says otherwise.
    public static let shipped = IdentityRules(shippedContent)

    private static var shippedContent: Content {
        var content = Content()
        content.kinds = shippedKinds
        content.foldings = shippedFoldings
        content.roleAddresses = [
            "admin", "atencion", "billing", "compras", "contact", "contacto", "hello", "help",
            "hola", "info", "kontakt", "mail", "office", "orders", "pedidos", "reception", "sales",
            "service", "shop", "soporte", "support", "team", "tienda", "ventas",
        ]
        content.blocked = [
            "", "-1", "anonymous", "anonym", "anonymous@*", "n/a", "na", "nil", "none", "null",
            "private", "restricted", "undefined", "unavailable", "unknown", "withheld",
        ]
        return content
    }

    private static var shippedKinds: [IdentifierKind] {
        var kinds: [IdentifierKind] = []
        func add(_ names: [String], _ change: (inout IdentifierKind) -> Void) {
            for name in names {
                var kind = IdentifierKind(name: name)
                change(&kind)
                kinds.append(kind)
            }
        }
        add(["crm", "user", "account", "login"]) {
            $0.isAccount = true
            $0.priority = 1
            $0.limit = 1
        }
        add(["email"]) {
            $0.form = .email
            $0.priority = 2
            $0.limit = 5
            $0.blocked = [
                "noemail@*", "no-email@*", "no@*", "none@*", "test@*", "*@example.invalid",
            ]
        }
        add(["phone"]) {
            $0.form = .phone
            $0.priority = 3
            $0.limit = 5
            $0.expiresDays = 365
            // What a switch shows for a number it was not given; Korean numbers of companies.
            $0.blocked = ["+266696687", "266696687", "+8215??????", "+8216??????", "+8218??????"]
        }
        add(["loyalty"]) {
            $0.form = .number
            $0.priority = 4
            $0.limit = 2
        }
        add(["whatsapp"]) {
            $0.form = .whatsapp
            $0.priority = 5
            $0.limit = 5
            $0.blocked = ["*@g.us", "*@broadcast", "*@newsletter"]
        }
        add(["cookie", "device", "visitor", "anonymous", "push", "idfa", "gaid"]) {
            $0.isDevice = true
            $0.priority = 20
            $0.limit = IdentifierKind.manyMax
            $0.windowDays = IdentifierKind.manyDays
        }
        return kinds
    }

    private static var shippedFoldings: [EmailFolding] {
        func folding(_ domain: String, same: String? = nil, dots: Bool = false) -> EmailFolding {
            var folding = EmailFolding(domain: domain)
            folding.same = same
            folding.dots = dots
            folding.plus = true
            return folding
        }
        return [
            folding("gmail.com", same: "googlemail.com", dots: true), folding("outlook.com"),
            folding("hotmail.com"), folding("live.com"), folding("icloud.com", same: "me.com"),
            folding("fastmail.com"), folding("proton.me", same: "protonmail.com"),
        ]
    }
}
