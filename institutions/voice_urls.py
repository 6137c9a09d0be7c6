"""What people say afterwards: feedback, complaints, wishes, and the client's face."""

from django.urls import path

from institutions.views import blocks, complaints, feedback, smiles

urlpatterns = [
    # An official, by request or by who came.
    path(
        "assistance/jobs/<uuid:public_id>/feedback/", feedback.assistance_feedback, name="assistance_feedback"
    ),
    path("assistance/jobs/<uuid:public_id>/wish/", blocks.assistance_wish, name="assistance_wish"),
    path(
        "assistance/<uuid:public_id>/complaint/", complaints.assistance_complaint, name="assistance_complaint"
    ),
    # An assistant, by her job.
    path("assistant/jobs/<uuid:public_id>/feedback/", feedback.assistant_feedback, name="assistant_feedback"),
    path(
        "assistant/jobs/<uuid:public_id>/complaint/",
        complaints.assistant_complaint,
        name="assistant_complaint",
    ),
    # Whoever complained, and whoever is asked.
    path("complaints/<uuid:public_id>/", complaints.complaint, name="complaint"),
    path(
        "complaints/<uuid:public_id>/take-back/", complaints.complaint_take_back, name="complaint_take_back"
    ),
    path("complaints/<uuid:public_id>/view/", complaints.complaint_view, name="complaint_view"),
    # The coordinator.
    path("work/complaints/", complaints.work_complaints, name="work_complaints"),
    path("work/complaints/<uuid:public_id>/", complaints.work_complaint, name="work_complaint"),
    path(
        "work/complaints/<uuid:public_id>/look/", complaints.work_complaint_look, name="work_complaint_look"
    ),
    path("work/complaints/<uuid:public_id>/ask/", complaints.work_complaint_ask, name="work_complaint_ask"),
    path(
        "work/complaints/<uuid:public_id>/decide/",
        complaints.work_complaint_decide,
        name="work_complaint_decide",
    ),
    path("work/feedback/", feedback.work_feedback, name="work_feedback"),
    path("work/blocks/", blocks.work_blocks, name="work_blocks"),
    path("work/blocks/new/", blocks.work_block_new, name="work_block_new"),
    path("work/blocks/<int:pk>/lift/", blocks.work_block_lift, name="work_block_lift"),
    path("work/wishes/<int:pk>/", blocks.work_wish_decide, name="work_wish_decide"),
    path("work/faces/", smiles.work_smiles, name="work_smiles"),
    # The client, without signing in.
    path("smile/", smiles.smile_start, name="smile_start"),
    path("smile/cards/", smiles.smile_cards, name="smile_cards"),
    path("smile/<str:code>/", smiles.smile, name="smile"),
]
