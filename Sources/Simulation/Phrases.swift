/// What customers, agents and machines write and note: made up, in three languages.
enum Phrases {
    /// What a customer opens with.
    static func opening(_ topic: Topic, _ language: Language) -> [String] {
        switch language {
        case .english: english[topic.rawValue]
        case .spanish: spanish[topic.rawValue]
        case .french: french[topic.rawValue]
        }
    }

    /// What a customer says on.
    static func followUp(_ language: Language) -> [String] { followUps[language.rawValue] }

    private static let followUps = [
        [
            "Yes, that is the one.", "I already waited two days for an answer.",
            "Could you check that again, please?", "It was bought with my usual card.",
            "When will that be?", "Size M, in blue.", "I have sent a photo by mail as well.",
            "That would be fine, thank you.", "No, I have not received anything yet.",
            "My neighbour did not get it either.",
        ],
        [
            "Sí, ese es.", "Llevo dos días esperando una respuesta.",
            "¿Puede comprobarlo otra vez, por favor?", "Pagué con mi tarjeta de siempre.",
            "¿Para cuándo sería?", "La talla M, en azul.", "También he enviado una foto.",
            "Me parece bien, gracias.", "No, todavía no he recibido nada.",
        ],
        [
            "Oui, c'est bien celle-là.", "J'attends une réponse depuis deux jours.",
            "Pourriez-vous vérifier encore une fois ?", "J'ai payé avec ma carte habituelle.",
            "Ce sera pour quand ?", "En taille M, en bleu.", "J'ai aussi envoyé une photo.",
            "Cela me convient, merci.", "Non, je n'ai encore rien reçu.",
        ],
    ]

    /// What an agent answers.
    static func answer(_ language: Language) -> [String] { answers[language.rawValue] }

    private static let answers = [
        [
            "Thank you for waiting, I am looking into it now.",
            "I can see your order here; one moment, please.",
            "The parcel is with the carrier and will arrive tomorrow before noon.",
            "I have arranged that for you. You will get a confirmation by mail.",
            "I am sorry about that. We will send a replacement at no cost.",
            "The amount will be back on your card within three working days.",
            "Is there anything else I can do for you?",
        ],
        [
            "Gracias por esperar, lo estoy mirando ahora.",
            "Veo su pedido; un momento, por favor.",
            "El paquete está en reparto y llegará mañana antes de mediodía.",
            "Ya está hecho. Recibirá una confirmación por correo.",
            "Lo siento. Le enviaremos otro sin coste alguno.",
            "El importe volverá a su tarjeta en tres días hábiles.",
            "¿Puedo ayudarle en algo más?",
        ],
        [
            "Merci d'avoir patienté, je regarde cela tout de suite.",
            "Je vois votre commande ; un instant, s'il vous plaît.",
            "Le colis est en cours de livraison et arrivera demain matin.",
            "C'est fait. Vous recevrez une confirmation par courriel.",
            "J'en suis désolée. Nous vous renvoyons l'article sans frais.",
            "Le montant sera recrédité sous trois jours ouvrés.",
            "Puis-je faire autre chose pour vous ?",
        ],
    ]

    /// What the machine writes: first while it tries, then when it hands over.
    static func machine(_ language: Language, handsOver: Bool) -> String {
        switch (language, handsOver) {
        case (.english, false): "Hello! I am the assistant of the shop. Let me see what I can find."
        case (.english, true): "I will pass you on to a colleague."
        case (.spanish, false): "¡Hola! Soy el asistente de la tienda. Voy a mirarlo."
        case (.spanish, true): "Le paso con una compañera."
        case (.french, false): "Bonjour ! Je suis l'assistant de la boutique. Je regarde cela."
        case (.french, true): "Je vous passe un collègue."
        }
    }

    /// What an agent writes down, in the language of the house.
    static func note(_ topic: Topic) -> [String] { notes[topic.rawValue] }
}
