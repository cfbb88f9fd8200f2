/// What made-up people, streets and agents are called.
enum Names {
    static let first = [
        "Ana", "Luis", "Mei", "Omar", "Elena", "Jonas", "Priya", "Marc", "Sofia", "Kenji", "Aisha",
        "Pavel", "Lucia", "David", "Yara", "Tom", "Ingrid", "Mateo", "Nora", "Samuel", "Leila",
        "Oscar", "Hana", "Victor", "Clara", "Rashid", "Julie", "Andre", "Marta", "Felix", "Zoe",
        "Ivan", "Carmen", "Peter", "Amina", "Hugo", "Rosa", "Daniel", "Ines", "Karl", "Paula",
        "Simon", "Olga", "Bruno", "Lena", "Diego", "Emma", "Noah", "Irene", "Adam", "Vera",
    ]

    static let last = [
        "Garcia", "Smith", "Chen", "Haddad", "Rossi", "Keller", "Sharma", "Dubois", "Silva",
        "Tanaka", "Khan", "Novak", "Romero", "Cohen", "Mansour", "Baker", "Larsen", "Ruiz",
        "Moreau", "Brown", "Farah", "Wilde", "Sato", "Costa", "Vidal", "Aziz", "Laurent", "Santos",
        "Ortega", "Brandt", "Miller", "Petrov", "Molina", "Jensen", "Diallo", "Martin", "Castro",
        "Levy", "Campos", "Weber", "Prieto", "Clarke", "Orlova", "Ferri", "Lopez", "Navarro",
        "Walker", "Bernard", "Iglesias", "Evans", "Kovac", "Mendez", "Hughes",
    ]

    static let domains = ["example.com", "example.com", "example.org", "example.net"]

    static let streets = [
        "Mill Lane", "Station Road", "Park Avenue", "Rue des Lilas", "Oak Street", "Church Street",
        "Calle Mayor", "Garden Row", "Rue du Moulin", "Maple Drive", "High Street", "Canal Walk",
        "Hill View",
    ]

    /// The name of an agent: a first name, with a number from the second of that name on.
    static func agent(_ index: Int) -> String {
        let name = first[index * 7 % first.count].lowercased()
        let round = index / first.count
        return round == 0 ? name : "\(name)-\(round + 1)"
    }
}
