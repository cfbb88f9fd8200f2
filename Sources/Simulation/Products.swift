/// What the shop sells.
struct Product: Sendable {
    /// The reference.
    let reference: String
    let title: String
    let category: String
    /// Minor units of `Products.currency`.
    let price: Int64
}

enum Products {
    static let currency = "EUR"

    static let all: [Product] = lines.enumerated().map { index, line in
        Product(
            reference: "sku-\(1_040 + index * 3)", title: line.title, category: line.category,
            price: line.price)
    }

    private static let lines: [(title: String, category: String, price: Int64)] = [
        ("Linen shirt", "shirts", 4_990), ("Oxford shirt", "shirts", 5_490),
        ("Flannel shirt", "shirts", 4_590), ("Striped shirt", "shirts", 3_990),
        ("Merino jumper", "knitwear", 7_990), ("Cashmere scarf", "accessories", 6_900),
        ("Wool cardigan", "knitwear", 8_490), ("Cotton jumper", "knitwear", 5_990),
        ("Rain jacket", "outerwear", 12_900), ("Wool coat", "outerwear", 24_900),
        ("Quilted vest", "outerwear", 8_900), ("Trench coat", "outerwear", 19_900),
        ("Slim jeans", "trousers", 6_990), ("Corduroy trousers", "trousers", 6_490),
        ("Chinos", "trousers", 5_990), ("Pleated skirt", "skirts", 5_290),
        ("Denim skirt", "skirts", 4_790), ("Summer dress", "dresses", 7_490),
        ("Wrap dress", "dresses", 8_990), ("Evening dress", "dresses", 15_900),
        ("Leather belt", "accessories", 3_490), ("Canvas bag", "accessories", 2_990),
        ("Leather bag", "accessories", 14_900), ("Silk tie", "accessories", 3_990),
        ("Running shoes", "shoes", 9_990), ("Ankle boots", "shoes", 12_990),
        ("Loafers", "shoes", 10_990), ("Sandals", "shoes", 5_490), ("Sneakers", "shoes", 7_990),
        ("Wool socks", "accessories", 1_290), ("Sun hat", "accessories", 2_490),
        ("Gloves", "accessories", 3_290),
    ]
}
