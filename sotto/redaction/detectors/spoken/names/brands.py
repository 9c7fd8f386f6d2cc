"""Makers, shops, banks and services that callers name everywhere, from general knowledge: none of them is a person."""

from __future__ import annotations

from sotto.redaction.detectors.vocabulary import words_of

BRANDS = words_of(
    "adidas adobe aegon airbnb aldi alexa allianz amazon amex android apple argos asda asus audi aviva axa balay",
    "bankia bankinter barclaycard",
    "barclays bauknecht bbva billa binance bing bitcoin bizum blackberry bmw boohoo booking bosch bupa caixabank",
    "carrefour chrome cisco citroen coinbase",
    "commerzbank congstar consorsbank coppel correos cupra currys dacia daikin datev debeka decathlon dell",
    "deliveroo delonghi delta deutschlandticket dhl direktbank disney dpd drillisch",
    "dropbox dyson easyjet ebay edeka edf ekar electrolux endesa eon epson ergo eurowings evri excel expedia",
    "facebook facetime fairphone fedex fiat",
    "firefox fitbit flixbus ford fritzbox galaxy garmin generali giropay gmail google halifax hermes hisense",
    "hofer honda hotmail hotpoint hsbc huawei hyundai",
    "iberdrola iberia icloud ikea imac indesit infonavit ing instagram iphone ipad itunes jaguar jetblue justeat",
    "kaufland kia klarna kobo lego lenovo lexus lidl linkedin logitech lufthansa",
    "mapfre mastercard mazda mcafee medion mediamarkt mercadona metlife microsoft miele migros mitsubishi mobil",
    "monzo morrisons movistar moto motorola msn mutua naturgy nationwide natwest naver neff netflix netgear netto",
    "nintendo nissan nokia nvidia",
    "obi ocado octopus oneplus opel openreach oracle orange ovo ozempic paramount paypal pccomponentes peugeot",
    "philips pinterest playstation plusnet postbank postfinance powerpoint primark prosieben prudential",
    "quickbooks renfe renault repsol revolut rewe roku ryanair",
    "saga sainsburys samsung santander saturn schufa seat sepa sharepoint sharp shell siemens signal siri skoda",
    "sky skype slack smeg snapchat sony spotify starbucks stripe subaru suzuki swisscom",
    "talktalk telcel telefonica telekom telmex tesco tesla tiktok tinder tmobile toshiba toyota trivago",
    "trustpilot tui twitter uber ubereats unicredit unicaja ups vattenfall verivox verizon verti vespa viber",
    "vinted visa vodafone volvo vueling volkswagen",
    "waitrose walmart waze westernunion whatsapp whirlpool windows wickes wikipedia wise word wordpress xbox",
    "xiaomi yahoo yoigo youtube zalando zanussi zara zoom sainsbury",
)
FIRMS = frozenset(
    (
        "russell hobbs|thomas cook|ted baker|fred perry|ralph lauren|robert dyas|ernest jones|laura ashley|"
        "karen millen|harvey nichols|paul smith|michael kors|kate spade|marc jacobs|donna karan|george foreman|"
        "william hill|peter jones|john deere|tim hortons|jo malone|jimmy choo|jamie oliver|tom ford|tom tailor|"
        "jack wolfskin|karl lagerfeld|gerry weber|carl zeiss|robert bosch|ernst klett|peter kaiser|bruno banani|"
        "adolfo dominguez|roberto verino|carolina herrera|jose cuervo|don simon|edward jones|ben sherman|"
        "hamilton beach|jenny craig|eddie bauer|betty crocker|dale carnegie|henry hoover|"
        "john lewis|apple pay|google pay|samsung pay|mercedes benz|land rover|rolls royce|royal mail|marks spencer|"
        "jack daniels|american express|western union|amazon prime|el corte ingles|corte ingles|banco santander|"
        "leroy merlin|alfa romeo|aston martin|calvin klein|tommy hilfiger|hugo boss|peter hahn|ernsting family|"
        "dirk rossmann|julius meinl|charles schwab|wells fargo|jp morgan|morgan stanley|merrill lynch|"
        "liberty seguros|lincoln navigator|range rover|virgin media|virgin atlantic|trader joe|home depot|"
        "harley davidson|dr oetker|santa lucia|ben jerry|black friday|cyber monday|santa claus|british gas|"
        "scottish power|galaxy fold|ford focus|seat leon|seat ibiza"
    ).split("|")
)
"""As lower-case words; some read like a given and a family name."""
