extension MessageText {
    /// Every third is followed by a number, every third by a product.
    static let stock = [
        "Good morning, I am writing about my order", "I have not heard anything about",
        "Could you tell me when it will arrive", "The parcel has the tracking number",
        "I would like to exchange", "Thank you very much for your patience",
        "I was charged twice, the invoice is", "There is a scratch on",
        "Please send me a label for the return", "My customer number is",
        "I am very happy with", "The courier said that nobody was at home",
        "We have found your order", "We are sorry for the trouble with",
        "Your refund was sent today and takes three to five days", "The code for your discount is",
        "We have put back into stock", "Is there anything else that I can do for you",
        "The password link does not work, it shows error", "The colour differs from the picture of",
        "I will wait for your answer until tomorrow", "You can reach me on extension",
        "Which size should I take of", "I have already sent you a photograph",
        "Your case has the number", "My colleague in the warehouse will look for",
        "The address on the order is wrong, it is another street",
        "The voucher that I got has the number",
        "Do you have in another colour", "We will call you back within the hour",
    ]

    static let products = [
        "linen shirt", "walking boots", "rain jacket", "wool scarf", "leather belt", "desk lamp",
        "travel bag", "tea kettle", "running shoes", "silver ring", "winter coat", "sun hat",
        "oak chair", "glass vase", "cotton sheets", "steel watch",
    ]

    static let syllables = [
        "ma", "lo", "ri", "san", "ter", "vel", "mon", "da", "ki", "ros", "el", "bra", "nor", "ti",
        "fen", "gu", "has", "jo", "lim", "pas", "quin", "sto", "ud", "wex", "yar", "zo",
    ]

    /// Common English words, roughly the commonest first.
    static let vocabulary = """
        the be to of and a in that have I it for not on with he as you do at this but his by from \
        they we say her she or an will my one all would there their what so up out if about who get \
        which go me when make can like time no just him know take people into year your good some \
        could them see other than then now look only come its over think also back after use two how \
        our work first well way even new want because any these give day most us is are was were had \
        has been did said each tell does set three air play small end put home read hand port large \
        spell add land here must big high such follow act why ask men change went light kind off need \
        house picture try again animal point mother world near build self earth father head stand own \
        page should country found answer school grow study still learn plant cover food sun four \
        between state keep eye never last let thought city tree cross farm hard start might story saw \
        far sea draw left late run while press close night real life few north open seem together next \
        white children begin got walk example ease paper group always music those both mark often \
        letter until mile river car feet care second book carry took science eat room friend began \
        idea fish mountain stop once base hear horse cut sure watch color face wood main enough plain \
        girl usual young ready above ever red list though feel talk bird soon body dog family direct \
        pose leave song measure door product black short numeral class wind question happen complete \
        ship area half rock order fire south problem piece told knew pass since top whole king space \
        heard best hour better true during hundred five remember step early hold west ground interest \
        reach fast verb sing listen six table travel less morning ten simple several vowel toward war \
        lay against pattern slow center love person money serve appear road map rain rule govern pull \
        cold notice voice unit power town fine certain fly fall lead cry dark machine note wait plan \
        figure star box noun field rest correct able pound done beauty drive stood contain front teach \
        week final gave green quick develop ocean warm free minute strong special mind behind clear \
        tail produce fact street inch multiply nothing course stay wheel full force blue object decide \
        surface deep moon island foot system busy test record boat common gold possible plane stead dry \
        wonder laugh thousand ago ran check game shape equate hot miss brought heat snow tire bring yes \
        distant fill east paint language among grand ball yet wave drop heart present heavy dance \
        engine position arm wide sail material size vary settle speak weight general ice matter circle
        """
        .split(whereSeparator: \.isWhitespace).map(String.init)
}
