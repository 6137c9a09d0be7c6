from tests.shows.scene import scene as scene
