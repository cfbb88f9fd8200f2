/// The first sentences and the notes, by topic: order status, late, damaged, returning, billing,
/// product, style.
extension Phrases {
    static let english = [
        [
            "Hello, where is my order?", "Could you tell me when my parcel is due?",
            "I would like to know whether my order has left already.",
        ],
        [
            "My parcel should have come yesterday and is not here.",
            "The courier says delivered, but nothing came.", "Still no delivery. What happened?",
        ],
        [
            "The item arrived with a torn seam.", "The box was open and the shoes are scratched.",
            "There is a stain on what I received.",
        ],
        [
            "I would like to send this back, it is too small.",
            "How do I return something I bought in your shop?",
            "I ordered two sizes and want to return one.",
        ],
        [
            "I was charged twice for one order.", "My refund has not arrived yet.",
            "The discount is missing on my bill.",
        ],
        [
            "Is this available in size L?", "Will you have the blue one again?",
            "Can this be washed at 40 degrees?",
        ],
        [
            "I need something for a wedding in May. Any advice?",
            "Which jacket would go with these trousers?",
            "Could somebody help me choose a present for my father?",
        ],
    ]

    static let spanish = [
        ["Hola, ¿dónde está mi pedido?", "¿Cuándo llega mi paquete?", "¿Ha salido ya mi pedido?"],
        [
            "Mi paquete tenía que llegar ayer y no ha llegado.",
            "Pone entregado, pero aquí no ha llegado nada.", "Sigo sin recibirlo. ¿Qué ha pasado?",
        ],
        [
            "La prenda ha llegado con una costura rota.",
            "La caja venía abierta y los zapatos están rayados.",
            "Lo que he recibido tiene una mancha.",
        ],
        [
            "Quiero devolverlo, me queda pequeño.",
            "¿Cómo devuelvo algo que compré en su tienda?",
            "Pedí dos tallas y quiero devolver una.",
        ],
        [
            "Me han cobrado dos veces el mismo pedido.", "Todavía no me ha llegado el reembolso.",
            "En la factura falta el descuento.",
        ],
        [
            "¿Lo tienen en la talla L?", "¿Volverán a tener el azul?",
            "¿Se puede lavar a 40 grados?",
        ],
        [
            "Busco algo para una boda en mayo. ¿Algún consejo?",
            "¿Qué chaqueta va bien con estos pantalones?",
            "¿Me ayuda alguien a elegir un regalo para mi padre?",
        ],
    ]

    static let french = [
        [
            "Bonjour, où est ma commande ?", "Quand mon colis doit-il arriver ?",
            "Ma commande est-elle déjà partie ?",
        ],
        [
            "Mon colis devait arriver hier et il n'est pas là.",
            "Il est marqué livré, mais je n'ai rien reçu.",
            "Toujours pas de livraison. Que se passe-t-il ?",
        ],
        [
            "L'article est arrivé avec une couture déchirée.",
            "Le carton était ouvert et les chaussures sont rayées.",
            "Il y a une tache sur ce que j'ai reçu.",
        ],
        [
            "Je voudrais le renvoyer, il est trop petit.",
            "Comment retourner un achat fait en boutique ?",
            "J'ai commandé deux tailles et veux en renvoyer une.",
        ],
        [
            "J'ai été débitée deux fois pour une commande.",
            "Je n'ai pas encore reçu mon remboursement.", "La remise manque sur ma facture.",
        ],
        [
            "Est-ce disponible en taille L ?", "Aurez-vous de nouveau le modèle bleu ?",
            "Peut-on le laver à 40 degrés ?",
        ],
        [
            "Je cherche une tenue pour un mariage en mai. Un conseil ?",
            "Quelle veste irait avec ce pantalon ?",
            "Pouvez-vous m'aider à choisir un cadeau pour mon père ?",
        ],
    ]

    static let notes = [
        ["Told the date of delivery.", "Parcel is with the carrier, customer informed."],
        ["Asked the carrier to trace it.", "Late by a day; apologised, shipping refunded."],
        ["Replacement sent, photo on file.", "Damaged in transit, claim with the carrier."],
        ["Label sent by mail.", "Explained the return window of 30 days."],
        ["Double charge confirmed, refund started.", "Explained the bill."],
        ["Back in stock next week, alert set.", "Answered a question on care."],
        ["Two outfits proposed.", "Appointment in the shop suggested."],
    ]
}
