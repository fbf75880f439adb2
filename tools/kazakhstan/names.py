"""Lists the regions of January 2022 and the English names of the towns in the official table."""

from __future__ import annotations

# 20-region codes of the 2023 table, merged back to the 17 regions of January 2022.
MERGED = {"JET": "ALM", "ULY": "KAR", "ABA": "VOS"}
REGIONS = (
    "AKM", "AKT", "ALM", "ATY", "ZAP", "ZHA", "KAR", "KUS", "KZY", "MAN", "PAV", "SEV", "TUR", "VOS", "AST",
    "ALA", "SHY",
)  # fmt: skip
WEST = ("AKT", "ATY", "ZAP", "MAN", "KZY")  # UTC+5 in January 2022; the rest UTC+6
ADM1 = {
    "11": "AKM", "15": "AKT", "19": "ALM", "23": "ATY", "27": "ZAP", "31": "ZHA", "35": "KAR", "39": "KUS",
    "43": "KZY", "47": "MAN", "55": "PAV", "59": "SEV", "61": "TUR", "63": "VOS", "71": "AST", "75": "ALA",
    "79": "SHY",
}  # fmt: skip
CENTRES = {
    "AKM": "kokshetau", "AKT": "aktobe", "ALM": "taldykorgan", "ATY": "atyrau", "ZAP": "oral",
    "ZHA": "taraz", "KAR": "karaganda", "KUS": "kostanay", "KZY": "kyzylorda", "MAN": "aktau",
    "PAV": "pavlodar", "SEV": "petropavl", "TUR": "turkistan", "VOS": "oskemen", "AST": "nur-sultan-esil",
    "ALA": "almaty-bostandyk", "SHY": "shymkent-al-farabi",
}  # fmt: skip
CITY_NAMES = {"AST": "Nur-Sultan", "ALA": "Almaty", "SHY": "Shymkent"}

# first word of the Kazakh town name -> (English name, name in GeoNames)
TOWNS: dict[tuple[str, str], tuple[str, str]] = {
    ("VOS", "Семей"): ("Semey", "Semey"),
    ("VOS", "Курчатов"): ("Kurchatov", "Kurchatov"),
    ("VOS", "Аягөз"): ("Ayagoz", "Ayagoz"),
    ("VOS", "Шар"): ("Shar", "Shar"),
    ("VOS", "Өскемен"): ("Oskemen", "Ust-Kamenogorsk"),
    ("VOS", "Риддер"): ("Ridder", "Ridder"),
    ("VOS", "Зайсан"): ("Zaysan", "Zaysan"),
    ("VOS", "Алтай"): ("Altay", "Altay"),
    ("VOS", "Серебрянск"): ("Serebryansk", "Serebryansk"),
    ("VOS", "Шемонайха"): ("Shemonaikha", "Shemonaikha"),
    ("AKM", "Көкшетау"): ("Kokshetau", "Kokshetau"),
    ("AKM", "Қосшы"): ("Kosshy", "Koshi"),
    ("AKM", "Степногор"): ("Stepnogorsk", "Stepnogorsk"),
    ("AKM", "Ақкөл"): ("Akkol", "Akkol"),
    ("AKM", "Атбасар"): ("Atbasar", "Atbasar"),
    ("AKM", "Макинск"): ("Makinsk", "Makinsk"),
    ("AKM", "Степняк"): ("Stepnyak", "Stepnyak"),
    ("AKM", "Ерейментау"): ("Yereymentau", "Yereymentau"),
    ("AKM", "Есіл"): ("Esil", "Esil"),
    ("AKM", "Державин"): ("Derzhavinsk", "Derzhavinsk"),
    ("AKM", "Щучинск"): ("Shchuchinsk", "Shchuchinsk"),
    ("AKT", "Ақтөбе"): ("Aktobe", "Aktobe"),
    ("AKT", "Алға"): ("Alga", "Algha"),
    ("AKT", "Қандыағаш"): ("Kandyagash", "Kandyagash"),
    ("AKT", "Ембі"): ("Emba", "Embi"),
    ("AKT", "Темір"): ("Temir", "Temir"),
    ("AKT", "Хромтау"): ("Khromtau", "Khromtau"),
    ("AKT", "Шалқар"): ("Shalkar", "Shalqar"),
    ("ALM", "Қонаев"): ("Kapchagay", "Konayev"),
    ("ALM", "Есік"): ("Esik", "Esik"),
    ("ALM", "Қаскелең"): ("Kaskelen", ""),
    ("ALM", "Талғар"): ("Talgar", "Talghar"),
    ("ALM", "Талдықорған"): ("Taldykorgan", "Taldykorgan"),
    ("ALM", "Текелі"): ("Tekeli", "Tekeli"),
    ("ALM", "Үшарал"): ("Usharal", "Usharal"),
    ("ALM", "Үштөбе"): ("Ushtobe", "Ushtobe"),
    ("ALM", "Жаркент"): ("Zharkent", "Zharkent"),
    ("ALM", "Сарқант"): ("Sarkand", "Sarqant"),
    ("ATY", "Атырау"): ("Atyrau", "Atyrau"),
    ("ATY", "Құлсары"): ("Kulsary", "Qulsary"),
    ("ZAP", "Орал"): ("Oral", "Oral"),
    ("ZAP", "Ақсай"): ("Aksai", "Aqsay"),
    ("ZHA", "Тараз"): ("Taraz", "Taraz"),
    ("ZHA", "Жаңатас"): ("Zhanatas", "Zhangatas"),
    ("ZHA", "Қаратау"): ("Karatau", "Karatau"),
    ("ZHA", "Шу"): ("Shu", "Shu"),
    ("KAR", "Қарағанды"): ("Karaganda", "Karagandy"),
    ("KAR", "Балқаш"): ("Balkhash", "Balqash"),
    ("KAR", "Приозер"): ("Priozersk", "Priozersk"),
    ("KAR", "Саран"): ("Saran", "Saran"),
    ("KAR", "Теміртау"): ("Temirtau", "Temirtau"),
    ("KAR", "Шахтинск"): ("Shakhtinsk", "Shakhtinsk"),
    ("KAR", "Абай"): ("Abai", "Abay"),
    ("KAR", "Қарқаралы"): ("Karkaraly", "Qarqaraly"),
    ("KAR", "Жезқазған"): ("Zhezkazgan", "Zhezqazghan"),
    ("KAR", "Қаражал"): ("Karazhal", "Qarazhal"),
    ("KAR", "Сәтбаев"): ("Satpaev", "Satpayev"),
    ("KUS", "Қостанай"): ("Kostanay", "Kostanay"),
    ("KUS", "Арқалық"): ("Arkalyk", "Arkalyk"),
    ("KUS", "Лисаков"): ("Lisakovsk", "Lisakovsk"),
    ("KUS", "Рудный"): ("Rudny", "Rudnyy"),
    ("KUS", "Жітіқара"): ("Zhitikara", "Zhitikara"),
    ("KUS", "Тобыл"): ("Tobyl", "Tobyl"),
    ("KZY", "Қызылорда"): ("Kyzylorda", "Kyzylorda"),
    ("KZY", "Байқоңыр"): ("Baikonur", "Baikonur"),
    ("KZY", "Арал"): ("Aral", "Aral"),
    ("KZY", "Қазалы"): ("Kazaly", "Kazalinsk"),
    ("MAN", "Ақтау"): ("Aktau", "Aktau"),
    ("MAN", "Жаңаөзен"): ("Zhanaozen", "Zhanaozen"),
    ("MAN", "Форт-Шевченко"): ("Fort-Shevchenko", "Fort-Shevchenko"),
    ("PAV", "Павлодар"): ("Pavlodar", "Pavlodar"),
    ("PAV", "Ақсу"): ("Aksu", "Aksu"),
    ("PAV", "Екібастұз"): ("Ekibastuz", "Ekibastuz"),
    ("SEV", "Петропавл"): ("Petropavl", "Petropavl"),
    ("SEV", "Булаев"): ("Bulaevo", "Bulayevo"),
    ("SEV", "Мамлют"): ("Mamlyutka", "Mamlyutka"),
    ("SEV", "Сергеев"): ("Sergeevka", "Sergeyevka"),
    ("SEV", "Тайынша"): ("Taiynsha", "Taiynsha"),
    ("TUR", "Түкістан"): ("Turkistan", "Turkistan"),
    ("TUR", "Арыс"): ("Arys", "Arys"),
    ("TUR", "Кентау"): ("Kentau", "Kentau"),
    ("TUR", "Жетісай"): ("Zhetysai", "Zhetysay"),
    ("TUR", "Сарыағаш"): ("Saryagash", "Saryaghash"),
    ("TUR", "Леңгір"): ("Lenger", "Lenger"),
    ("TUR", "Шардара"): ("Shardara", "Shardara"),
}

# Kazakh akimat name as in the 2023 table -> name in the 2018 boundary file, where they differ.
AKIMAT_ALIAS = {
    ("VOS", "Ақсуат"): "Тарбағатай",  # split off Tarbagatay in 2021; same boundary record
    ("VOS", "Самар"): "Көкпекті",  # split off Kokpekti in 2022
    ("AKM", "Қосшы"): "Целиноград",
    ("ALM", "Қонаев"): "Қапшағай",
    ("ALM", "Талдықорған"): "Талдыкорган",
    ("KAR", "Бұқар Жырау"): "Бұқар жырау",
    ("KUS", "Лисаков"): "Лисаковск",
    ("MAN", "Қарақия"): "Қарақиян",
    ("TUR", "Сауран"): "Кентау",  # made in 2021 of Kentau's and Turkistan's surroundings
    ("VOS", "Катонқарағай"): "Қатонқарағай",
    ("SHY", "Әл-Фараби"): "Әл Фараби",
}
# English names of akimats that the 2018 file lacks or spells in an unusual way.
AKIMAT_ENGLISH = {
    ("VOS", "Ақсуат"): "Aksuat", ("VOS", "Самар"): "Samar", ("TUR", "Сауран"): "Sauran",
    ("AKM", "Қосшы"): "Kosshy", ("ZHA", "Жамбыл"): "Zhambyl", ("MAN", "Маңғыстау"): "Mangystau",
    ("MAN", "Қарақия"): "Karakiya", ("MAN", "Мұнайлы"): "Munaily", ("MAN", "Бейнеу"): "Beineu",
    ("ALM", "Ұйғыр"): "Uyghur", ("ALM", "Қарасай"): "Karasai", ("AKM", "Жарқайың"): "Zharkaiyn",
    ("KUS", "Жітіқара"): "Zhitikara", ("ALM", "Райымбек"): "Raiymbek", ("ALM", "Қонаев"): "Kapchagay",
    ("KAR", "Абай"): "Abai", ("VOS", "Абай"): "Abai", ("KAR", "Саран"): "Saran",
    ("SEV", "Петропавл"): "Petropavl", ("ZAP", "Орал"): "Oral", ("VOS", "Өскемен"): "Oskemen",
    ("KUS", "Рудный"): "Rudny",
}  # fmt: skip
# Districts of Almaty region that make the outer belt around Almaty, and villages told apart inside them.
BELT = ("Қарасай", "Талғар", "Іле", "Жамбыл")
BELT_VILLAGES = {
    "Ұзынағаш а.": ("Uzynagash", "Uzunagach"),
    "Өтеген батыр а.": ("Otegen Batyr", "Otegen Batyra"),
}
ASSUMED_POINTS = {"kaskelen": (76.62, 43.20)}  # absent from the GeoNames extract
# Names in the list of district classes, where they differ from the boundary file.
CLASS_NAME = {
    ("VOS", "Ақсуат"): "Aqsuat", ("VOS", "Самар"): "Samar", ("TUR", "Сауран"): "Sauran",
    ("AKM", "Қосшы"): "Kosshy", ("ALM", "Қонаев"): "Konaiev", ("ZHA", "Жамбыл"): "Zhambyl",
}  # fmt: skip
# Akimats without a boundary of their own in 2018, and two of Almaty region whose villages crowd around
# their centre: their point is a GeoNames place.
AKIMAT_POINT = {
    ("VOS", "Ақсуат"): "Aksuat", ("VOS", "Самар"): "Samarskoye", ("TUR", "Сауран"): "Chernak",
    ("ALM", "Жамбыл"): "Uzunagach", ("ALM", "Талғар"): "Talghar",
}  # fmt: skip
