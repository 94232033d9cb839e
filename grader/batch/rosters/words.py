"""Headings that are known in whatever file, in lower case and in the languages that platforms are most used in."""

from __future__ import annotations

FIRST_NAME = frozenset({
    "first name", "first_name", "firstname", "given name", "given_name", "vorname", "prénom", "prenom", "nombre", "nome",
    "voornaam", "förnamn", "fornavn", "etunimi", "imię", "jméno", "keresztnév", "имя", "名", "名字",
})  # fmt: skip
LAST_NAME = frozenset({
    "last name", "last_name", "lastname", "surname", "family name", "family_name", "nachname", "familienname", "nom",
    "nom de famille", "apellido(s)", "apellidos", "apellido", "cognome", "sobrenome", "apelido", "achternaam", "efternamn",
    "etternavn", "efternavn", "sukunimi", "nazwisko", "příjmení", "vezetéknév", "фамилия", "姓", "姓氏",
})  # fmt: skip
NAME = frozenset({
    "name", "full name", "full_name", "fullname", "student name", "student_name", "students", "vollständiger name",
    "nom complet", "nombre completo", "nome completo", "volledige naam", "fullständigt namn", "полное имя", "全名", "姓名", "氏名",
})  # fmt: skip
EMAIL = frozenset({
    "email", "e-mail", "email address", "e-mail address", "email_address", "student email", "mail", "e-mail-adresse",
    "e-mail adresse", "adresse de courriel", "adresse e-mail", "courriel", "dirección de correo", "dirección email",
    "correo electrónico", "indirizzo email", "endereço de email", "endereço de e-mail", "e-mailadres", "e-postadress",
    "e-postadresse", "sähköpostiosoite", "adres e-mail", "emailová adresa", "адрес электронной почты", "电子邮件地址", "メールアドレス",
})  # fmt: skip
USERNAME = frozenset({
    "username", "user name", "user_name", "user", "login", "login id", "netid", "net id", "github", "github_username",
    "github username", "github login", "anmeldename", "benutzername", "nom d'utilisateur", "nom d’utilisateur", "identifiant",
    "nombre de usuario", "nome utente", "nome de usuário", "nome de utilizador", "gebruikersnaam", "användarnamn", "brukernavn",
    "логин", "用户名",
})  # fmt: skip
NUMBER = frozenset({
    "id", "sid", "student id", "student_id", "student number", "student_number", "id number", "idnumber", "id_number",
    "matriculation number", "matrikelnummer", "id-nummer", "numéro d'identification", "numéro d’identification",
    "número de id", "número de identificación", "número de identificação", "codice identificativo", "id-number", "学号",
})  # fmt: skip
STUDENT = frozenset({"student", "identifier", "student/in", "étudiant", "estudiante", "studente"})  # a name or an id
GRADE = frozenset({
    "grade", "grades", "score", "scores", "points", "mark", "marks", "total", "total score", "result", "bewertung", "punkte",
    "punktzahl", "note", "calificación", "puntos", "puntuación", "valutazione", "voto", "nota", "cijfer", "beoordeling",
    "betyg", "karakter", "arvosana", "ocena", "оценка", "成绩", "评分", "評点",
})  # fmt: skip
FEEDBACK = frozenset({
    "feedback", "comment", "comments", "feedback comments", "kommentar", "kommentare", "commentaire", "commentaires",
    "comentario", "comentarios", "commento", "commenti", "feedback als kommentar",
})  # fmt: skip
YES = frozenset({
    "yes", "ja", "oui", "sí", "si", "sì", "sim", "da", "igen", "tak", "ano", "áno", "kyllä", "да", "так", "ναι", "evet", "bai", "是",
    "はい", "예", "نعم", "כן", "có", "ya",
})  # fmt: skip
NO = frozenset({
    "no", "nein", "non", "nee", "não", "nao", "nej", "nei", "ei", "nie", "ne", "nem", "nu", "нет", "ні", "не", "όχι", "hayır",
    "ez", "否", "不", "いいえ", "아니오", "아니요", "لا", "לא", "không", "tidak",
})  # fmt: skip
