"""The workplace of coordinators and trainers, under /work/."""

from django.urls import path

from workshops.workplace import by_hand, hours, people, roll, roll_marks, sessions, trail, workshops

urlpatterns = [
    path("work/hours/", hours.work_hours, name="work_hours"),
    path("work/hours/people/", hours.work_hours_people, name="work_hours_people"),
    path("work/hours/by-hand/", by_hand.work_manual_hours_waiting, name="work_manual_hours_waiting"),
    path(
        "work/hours/by-hand/<int:pk>/approve/",
        by_hand.work_manual_hours_approve,
        name="work_manual_hours_approve",
    ),
    path(
        "work/hours/by-hand/<int:pk>/refuse/",
        by_hand.work_manual_hours_refuse,
        name="work_manual_hours_refuse",
    ),
    path(
        "work/hours/by-hand/<int:pk>/take-back/",
        by_hand.work_manual_hours_take_back,
        name="work_manual_hours_take_back",
    ),
    path("work/workshops/<slug:slug>/by-hand/", by_hand.work_manual_hours, name="work_manual_hours"),
    path("work/workshops/", workshops.work_workshops, name="work_workshops"),
    path("work/workshops/new/", workshops.work_workshop_new, name="work_workshop_new"),
    path("work/workshops/<slug:slug>/", workshops.work_workshop, name="work_workshop"),
    path("work/workshops/<slug:slug>/edit/", workshops.work_workshop_edit, name="work_workshop_edit"),
    path("work/workshops/<slug:slug>/publish/", workshops.work_publish, name="work_publish"),
    path("work/workshops/<slug:slug>/cancel/", workshops.work_workshop_cancel, name="work_workshop_cancel"),
    path("work/workshops/<slug:slug>/dates/", sessions.work_sessions, name="work_sessions"),
    path("work/workshops/<slug:slug>/people/", people.work_people, name="work_people"),
    path("work/workshops/<slug:slug>/people/add/", people.work_people_add, name="work_people_add"),
    path("work/workshops/<slug:slug>/people/new/", people.work_people_new, name="work_people_new"),
    path("work/workshops/<slug:slug>/attendance/", roll.work_attendance, name="work_attendance"),
    path("work/workshops/<slug:slug>/trail/", trail.work_trail, name="work_trail"),
    path("work/registrations/<uuid:public_id>/approve/", people.work_approve, name="work_approve"),
    path("work/registrations/<uuid:public_id>/decline/", people.work_decline, name="work_decline"),
    path("work/registrations/<uuid:public_id>/revoke/", people.work_revoke, name="work_revoke"),
    path("work/sessions/<int:pk>/roll/", roll.work_roll, name="work_roll"),
    path("work/sessions/<int:pk>/marks/", roll_marks.work_marks, name="work_marks"),
    path("work/roll-worker.js", roll_marks.roll_worker, name="roll_worker"),
    path("work/sessions/<int:pk>/move/", sessions.work_session_move, name="work_session_move"),
    path("work/sessions/<int:pk>/edit/", sessions.work_session_edit, name="work_session_edit"),
    path("work/sessions/<int:pk>/cancel/", sessions.work_session_cancel, name="work_session_cancel"),
]
