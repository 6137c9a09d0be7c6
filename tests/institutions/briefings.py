"""What officials write in good faith, in five languages: none of it says who the client is."""

POLISH = """
Rozmowa o zasiłku rodzinnym, 3 osoby, około 60 minut.
Wizyta u lekarza rodzinnego, pokój 12, parter. Proszę przygotować słowa: skierowanie, recepta, wywiad.
Zebranie z rodzicami w klasie 4b, sala 214, wejście od podwórka.
Złożenie wniosku o kartę pobytu, stanowisko nr 7, bilet z automatu.
Termin 14.12.2026 r. o godz. 10:30, spotkanie potrwa do 11:45.
Prosimy być 10 minut wcześniej, tj. o 9.50.
Rejestracja w urzędzie pracy, potem rozmowa z doradcą o kursie.
Omówienie umowy najmu: czynsz 1 850,00 zł, kaucja 3 700 zł, okres wypowiedzenia 3 miesiące.
Świadczenie 800+, wypłata do 20. dnia miesiąca.
Sprawa DKP.5212.14.2026, prosimy powołać się na ten numer.
Nr sprawy WSC-II.6151.1.12345.2026 w rejestrze wydziału.
Decyzja z dnia 3 marca 2026 r., termin odwołania 14 dni.
Art. 165 ust. 8 ustawy Prawo oświatowe, Dz.U. 2024 poz. 737.
Kod pocztowy 87-100 Toruń, ul. Podmurna 60/4.
Autobus 12 lub 24 do przystanku Plac Rapackiego, dojście 5 minut.
Parking od ul. Szerokiej, 2 miejsca, opłata 4,00 zł za godzinę.
Będą 2 osoby dorosłe i 3 dzieci w wieku 4, 7 i 12 lat.
Badanie słuchu u dziecka, terminy: audiogram, ubytek, aparat.
Rozmowa o wynikach egzaminu: 64% z matematyki, 71% z języka polskiego.
Spotkanie zespołu wychowawczego, obecna pani pedagog i wychowawczyni.
Pani Dyrektor prosi o punktualność.
Proszę pytać o panią z okienka nr 3.
Pan Doktor przyjmuje w gabinecie 105, I piętro.
Konsultacja przed zabiegiem, zgoda na znieczulenie, formularz ma 6 stron.
Szczepienie dziecka według kalendarza na rok 2026/2027.
Termin porodu w maju, rozmowa o planie porodu i szkole rodzenia.
Rejestracja auta: dowód rejestracyjny, polisa OC, opłata 160 zł.
Otwarcie konta w banku, limit 10 000 zł dziennie.
Link do rozmowy: https://meet.example.org/abc-defg-hij, pokój otwarty od 8:45.
Spotkanie na Zoom https://us02web.zoom.us/j/81234567890, hasło podamy w dniu spotkania.
Prosimy o kobietę, temat: zdrowie kobiet.
Mediacja sąsiedzka w sprawie hałasu, 2 strony, 2 godziny z przerwą 15 min.
Kontrola PIP w zakładzie, godziny pracy 6-14, 14-22, 22-6.
Omówienie wypłaty za wrzesień: 168 h x 30,50 zł = 5 124,00 zł.
Test na poziom A2, część ustna 20 min, pisemna 90 min.
Wywiad środowiskowy w mieszkaniu, ok. 40 m2, 3. piętro bez windy.
Zapis do przedszkola, wolnych miejsc 5 z 125.
Zasiłek chorobowy 80%, druk ZUS Z-3, L4 od 1.10 do 14.10.2026.
Karta Polaka, wniosek i załączniki 1-6.
Potrzebny ktoś, kto zna słowa: alimenty, władza rodzicielska, kontakty.
PIT-37 za 2025 rok, zwrot podatku, termin do 30.04.2026.
Spotkanie odbędzie się 7, 14, 21 i 28 listopada o tej samej porze.
Czas trwania: 1 godz. 30 min, w tym przerwa 12.15-12.30.
Wejście B, domofon 12, kod do bramy zmienia się co tydzień.
Warsztat dla 25 osób, tłumaczenie szeptane, mikrofony na miejscu.
Wizyta patronażowa po porodzie, 30-45 minut.
Prosimy o odmianę białoruską z okolic Grodna, jeśli to możliwe.
Temperatura 38,5, kaszel od 5 dni, to temat wizyty u pediatry.
""".strip().splitlines()

UKRAINIAN = """
Зустріч о 10:00, кабінет 214, другий поверх.
Розмова про допомогу на дитину, 2 особи, 45 хвилин.
Батьківські збори у 3-Б класі, школа на вул. Сенкевича, 12.
Подання документів на карту побиту, віконце 5.
Термін: 14.12.2026, з 9:30 до 11:00.
Терміни для підготовки: направлення, рецепт, огляд.
Пані з реєстратури все пояснить на вході.
Пані директорка буде на зустрічі 15 хвилин.
Оренда квартири: 2 300 злотих на місяць, застава 2 300.
Справа номер 12/2026, відділ 4.
Запис до дитячого садка, вільних місць 7.
Приїхати можна автобусом 14 або 26 до зупинки Площа Ратуші.
Будуть двоє дорослих і дитина 9 років.
Розмова з шкільним психологом про адаптацію.
Вакцинація за графіком 2026/2027.
Реєстрація в центрі зайнятості, потім курс 120 годин.
Заробітна плата за вересень: 168 годин по 31 злотому.
Потрібна жінка, тема: вагітність, термін у травні.
Онлайн: https://meet.example.org/abc-defg-hij, за 10 хвилин до початку.
Перерва 15 хвилин після першої години.
Розмова про результати іспиту, 64 бали зі 100.
Поштовий індекс 85-001 Бидгощ.
Тест рівня A2, усна частина 20 хвилин.
Відкриття рахунку в банку, ліміт 5 000 злотих.
Закон від 12 березня 2022 року, стаття 2.
Клієнт запізнюється через автобус, просимо почекати 10 хвилин.
""".strip().splitlines()

RUSSIAN = """
Встреча в 10:00, кабинет 214, вход со двора.
Разговор о пособии на ребёнка, 2 человека, 45 минут.
Родительское собрание в 5-А классе, школа 24.
Подача заявления на карту побыту, окно 5.
Срок: 14.12.2026, с 9:30 до 11:00.
Слова для подготовки: направление, рецепт, осмотр.
Госпожа директор придёт в 10:15.
Аренда квартиры: 2 300 злотых в месяц.
Дело 12/2026, отдел 4, ответ в течение 14 дней.
Запись в детский сад, мест 7 из 125.
Автобус 14 или 26, остановка Площадь Ратуши, идти 5 минут.
Будут двое взрослых и ребёнок 9 лет.
Прививки по календарю на 2026/2027 год.
Биржа труда, курс 120 часов, начало 1 февраля.
Зарплата за сентябрь: 168 часов по 30,50 злотых.
Нужна женщина, тема: здоровье женщин.
Онлайн: https://meet.example.org/abc-defg-hij, вход за 10 минут.
Перерыв 15 минут после первого часа.
Результаты экзамена: 64 балла из 100.
Индекс 85-001, Быдгощ, улица Гданьская, 5.
Тест уровня B1, 90 минут письменно и 20 минут устно.
Клиент опаздывает, автобус приходит в 9:40.
Страховка, полис ОС, 160 злотых в год.
Высота потолка 2,50 м, площадь 38,5 м2.
""".strip().splitlines()

ENGLISH = """
A talk about family allowance, 3 people, about an hour.
Doctor's appointment, room 12, ground floor. Words: referral, prescription, history.
Parents' evening, class 4b, room 214, from 5.30 pm to 7 pm.
Handing in an application for a residence card, counter 7.
14 December 2026, 10:30-11:45, please be there ten minutes early.
2026-12-14 10:30, main entrance.
The rent is 1,850.00 PLN, the deposit 3,700 PLN.
Case DKP.5212.14.2026, second meeting.
Please bring nothing; the client has all 6 forms.
The Client is late because of bus 24.
Ms Director asks everybody to be on time.
Zoom: https://us02web.zoom.us/j/81234567890?pwd=abcDEF123
Two adults and three children aged 4, 7 and 12.
The flat is 40 m2, 3rd floor, no lift.
Hearing test for a child: audiogram, loss, aid.
Level A2 test, 20 min oral, 90 min written.
Pay slip for September: 168 h at 30.50 PLN.
Opening hours 8-16, Wednesdays until 18.
ISO 13611:2024, code of conduct of the network.
Exam result 64% and 71%, resit on 7 or 14 January 2027.
Bus lines 12, 24 and 28, stop Plac Rapackiego.
Post code 87-100, Toruń.
A woman, please; the subject is women's health.
Mediation between neighbours, two hours with a break.
Tax return PIT-37 for 2025, due on 30.04.2026.
Ask for the duty officer at the desk, extension 214, from 8.00 to 16.00.
The agreement is number 7/2026 of 3 March 2026, paragraphs 4-6.
Meetings on 7/12, 14/12 and 21/12, always 9-11.
Flat fee 120 zł + VAT 23%, in all 147,60 zł.
""".strip().splitlines()

ARABIC = """
الساعة ١٠:٣٠ الغرفة ٢١٤ الطابق الأول.
حديث عن إعانة الأسرة، ٣ أشخاص، حوالي ٦٠ دقيقة.
موعد عند الطبيب، الغرفة 12، الطابق الأرضي.
اجتماع أولياء الأمور في الصف ٤ب.
تقديم طلب بطاقة الإقامة، الشباك رقم ٧.
الموعد ١٤/١٢/٢٠٢٦ من الساعة ٩:٣٠ حتى ١١:٠٠.
الكلمات: إحالة، وصفة طبية، فحص.
الإيجار ١٨٥٠ زلوتي والتأمين ٣٧٠٠ زلوتي.
السيدة المديرة تنتظر عند المدخل.
السيد الطبيب في الغرفة ١٠٥.
القضية رقم ١٢/٢٠٢٦، القسم ٤.
بالغان وثلاثة أطفال أعمارهم ٤ و٧ و١٢ سنة.
التطعيم حسب جدول ٢٠٢٦/٢٠٢٧.
الراتب عن شهر سبتمبر: ١٦٨ ساعة.
نرجو أن تكون امرأة، الموضوع صحة النساء.
الرابط: https://meet.example.org/abc-defg-hij
استراحة ١٥ دقيقة بعد الساعة الأولى.
نتيجة الامتحان ٦٤ من ١٠٠.
الرمز البريدي 87-100 تورون.
اختبار المستوى A2، عشرون دقيقة شفهي.
فتح حساب في البنك، الحد ٥٠٠٠ زلوتي.
الحافلة ١٢ أو ٢٤ حتى محطة الساحة.
تسجيل السيارة، الرسوم ١٦٠ زلوتي.
مكتب العمل، دورة من ١٢٠ ساعة تبدأ في ١ فبراير.
""".strip().splitlines()

ALL = [*POLISH, *UKRAINIAN, *RUSSIAN, *ENGLISH, *ARABIC]
