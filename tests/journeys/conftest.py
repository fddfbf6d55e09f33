"""Who acts in the scenarios: everybody at the HTTP doors of one registry, with the token of their own party."""

from __future__ import annotations

import pytest

from tests.support.scene import Clock, Scene, Visitor
from tests.support.scene_bodies import AccreditationBody, CertificationBody, another_body
from tests.support.transfers import recognise
from tests.support.world import World


@pytest.fixture
def scene(world: World) -> Scene:
    """A registry with an accreditation body and a certification body that it accredited."""
    return Scene(world)


@pytest.fixture
def clock(scene: Scene) -> Clock:
    """The registry's clock."""
    return scene.clock


@pytest.fixture
def visitor(scene: Scene) -> Visitor:
    """Anybody."""
    return scene.visitor


@pytest.fixture
def accreditation_body(scene: Scene) -> AccreditationBody:
    """The accreditation body with its officer."""
    return AccreditationBody(scene, scene.world.accreditation_body, scene.world.officer)


@pytest.fixture
def body(scene: Scene) -> CertificationBody:
    """The accredited certification body with its people."""
    world = scene.world
    staffed = CertificationBody(scene, world.body, world.ring.certification).staffed(
        auditor=world.auditor,
        reviewer=world.reviewer,
        decider=world.decider,
        second_decider=world.second_decider,
    )
    staffed.accreditations.append(str(world.known_accreditation))
    return staffed


@pytest.fixture
def new_body(scene: Scene, accreditation_body: AccreditationBody) -> CertificationBody:
    """Another body, accredited by the same accreditation body, which is recognised at the level of the standard."""
    recognise(scene.world)
    body = another_body(scene, "New Certification")
    accreditation_body.accredits(body, "FA-900")
    return body
